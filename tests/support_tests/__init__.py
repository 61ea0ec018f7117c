"""The tests of what the tests share: a judge that cannot fail proves nothing."""
