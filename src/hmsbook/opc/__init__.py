"""The lossless package layer: zip, XML and spreadsheets, nothing of health, environment or safety."""
