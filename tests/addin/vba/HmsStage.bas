Attribute VB_Name = "HmsStage"
Option Explicit

' What a test asks of the add-in. All goes in and out as text, which both interpreters pass alike; an answer
' begins with "=", so that nothing at all, which is what LibreOffice gives for an error, is no answer.

Private control As FakeControl

Public Function StageCanary(ByVal text As String) As String
    StageCanary = "=" & text & text
End Function

Public Function StageSet(ByVal name As String, ByVal value As String) As String
    Select Case name
        Case "language": StageLanguage = CLng(value)
        Case "mac": StageMac = (value = "yes")
        Case "python": StagePython = value
        Case "missing": StageMissing = (value = "yes")
        Case "refusal": StageRefusal = (value = "yes")
        Case "broken": StageBroken = (value = "yes")
        Case "again": StageAgain = value
        Case "answer": StageAnswer = value
    End Select
    StageSet = "="
End Function

Public Function StageAsk(ByVal question As String, ByVal id As String) As String
    Dim value As Variant
    StageControl id, ""
    Select Case question
        Case "label": HmsGetLabel control, value
        Case "screentip": HmsGetScreentip control, value
        Case "supertip": HmsGetSupertip control, value
        Case "keytip": HmsGetKeytip control, value
        Case "enabled": HmsGetEnabled control, value
    End Select
    StageAsk = "=" & CStr(value)
End Function

Public Function StagePress(ByVal id As String, ByVal tag As String) As String
    StageControl id, tag
    StageLog = ""
    HmsOnAction control
    StagePress = "=" & StageLog
End Function

' A press that comes while the first one works; it does not come twice.
Public Sub StagePressAgain(ByVal id As String)
    StageAgain = ""
    StageControl id, "again"
    HmsOnAction control
End Sub

Public Function StageUnload() As String
    HmsOnLoad Nothing
    StageLog = ""
    HmsRefresh
    StageUnload = "=" & StageLog
End Function

Public Function StageTitle() As String
    StageTitle = "=" & HmsWord("nb", "title") & " (hmsbook " & HMS_VERSION & ")"
End Function

Public Function StageLoad() As String
    ' LibreOffice does not compile a New among arguments.
    Dim ribbon As FakeRibbon
    Set ribbon = New FakeRibbon
    HmsOnLoad ribbon
    StageLog = ""
    HmsRefresh
    StageLoad = "=" & StageLog
End Function

Public Function StageQuoted(ByVal argument As String) As String
    StageQuoted = "=" & HmsQuoted(argument)
End Function

Public Function StageUnexpanded(ByVal commandLine As String) As String
    StageUnexpanded = "=" & HmsUnexpanded(commandLine)
End Function

Private Sub StageControl(ByVal id As String, ByVal tag As String)
    Set control = New FakeControl
    control.ID = id
    control.Tag = tag
End Sub
