Attribute VB_Name = "HmsCommand"
Option Explicit

' What is said to Python and what comes back, as text. Nothing here reaches out of VBA.

' What stands for a percent sign while a command line is started.
Public Const HMS_PERCENT As String = "HMSBOOK_PERCENT"

' MsgBox shows about a thousand characters and drops the rest.
Private Const LONGEST_MESSAGE As Long = 1000

' -P keeps the folder Excel happens to stand in from lending its own modules to Python.
Public Function HmsCommandLine(ByVal python As String, ByVal verb As String, ByVal book As String, _
        ByVal window As String, ByVal language As String, ByVal answerFile As String) As String
    Dim result As String
    result = HmsQuoted(python) & " -P -m hmsbook live " & verb
    If Len(book) > 0 Then result = result & " --book " & HmsQuoted(book)
    HmsCommandLine = result & " --hwnd " & window & " --lang " & language & " --answer " & HmsQuoted(answerFile)
End Function

' An argument as Windows' CommandLineToArgvW reads it: backslashes count double only before a quote.
Public Function HmsQuoted(ByVal argument As String) As String
    Dim place As Long
    Dim slashes As Long
    Dim sign As String
    Dim result As String
    For place = 1 To Len(argument)
        sign = Mid$(argument, place, 1)
        If sign = "\" Then
            slashes = slashes + 1
        Else
            If sign = """" Then slashes = slashes * 2 + 1
            result = result & String$(slashes, "\") & sign
            slashes = 0
        End If
    Next place
    HmsQuoted = """" & result & String$(slashes * 2, "\") & """"
End Function

' A command line that is as it was once environment variables have been filled in.
Public Function HmsUnexpanded(ByVal commandLine As String) As String
    HmsUnexpanded = Replace(commandLine, "%", "%" & HMS_PERCENT & "%")
End Function

' The first line of an answer: ok, note or error.
Public Function HmsAnswerKind(ByVal answer As String) As String
    HmsAnswerKind = Trim$(Split(HmsLines(answer) & vbLf, vbLf)(0))
End Function

' What follows the first line of an answer, without blank lines at the end.
Public Function HmsAnswerText(ByVal answer As String) As String
    Dim text As String
    text = HmsLines(answer)
    If InStr(text, vbLf) = 0 Then Exit Function
    text = Mid$(text, InStr(text, vbLf) + 1)
    Do While Right$(text, 1) = vbLf
        text = Left$(text, Len(text) - 1)
    Loop
    HmsAnswerText = text
End Function

Private Function HmsLines(ByVal text As String) As String
    HmsLines = Replace(text, vbCrLf, vbLf)
End Function

' A text that fits a message box; what is cut off is marked.
Public Function HmsShort(ByVal text As String) As String
    HmsShort = text
    If Len(text) > LONGEST_MESSAGE Then HmsShort = Left$(text, LONGEST_MESSAGE) & " ..."
End Function

' A sentence with its blank filled in.
Public Function HmsFilled(ByVal text As String, ByVal blank As String, ByVal value As String) As String
    HmsFilled = Replace(text, "{" & blank & "}", value)
End Function

' The language whose words are shown, by Office's number of it.
Public Function HmsLanguageOf(ByVal officeLanguage As Long) As String
    Select Case officeLanguage
        Case 1044: HmsLanguageOf = "nb"
        Case 2068: HmsLanguageOf = "nn"
        Case Else: HmsLanguageOf = "en"
    End Select
End Function
