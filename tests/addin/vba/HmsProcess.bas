Attribute VB_Name = "HmsProcess"
Option Explicit

' Stands in for the module that reaches out: it answers what the test wants, and notes what it is asked to do.

Public StageLanguage As Long
Public StageMac As Boolean
Public StagePython As String
Public StageMissing As Boolean
Public StageRefusal As Boolean
Public StageBroken As Boolean
Public StageAgain As String
Public StageAnswer As String
Public StageLog As String
Public StageAwake As Boolean

Public Function HmsOnMac() As Boolean
    HmsOnMac = StageMac
End Function

Public Function HmsOfficeLanguage() As Long
    HmsOfficeLanguage = StageLanguage
End Function

Public Function HmsWindow() As String
    HmsWindow = "4711"
End Function

Public Function HmsPython() As String
    HmsPython = StagePython
End Function

Public Function HmsFileExists(ByVal path As String) As Boolean
    HmsFileExists = Not StageMissing
End Function

Public Function HmsAnswerFile() As String
    HmsAnswerFile = "C:\Temp\hmsbook-1.tmp"
End Function

Public Function HmsRun(ByVal commandLine As String) As Long
    StageNote "run", commandLine
    If StageRefusal Then Err.Raise 70
    If Len(StageAgain) > 0 Then StagePressAgain StageAgain
    HmsRun = 3
End Function

Public Sub HmsWake()
    StageAwake = True
End Sub

Public Function HmsAnswer(ByVal path As String) As String
    If StageBroken Then Err.Raise 53
    HmsAnswer = StageAnswer
End Function

Public Sub HmsLater(ByVal seconds As Long, ByVal name As String)
    StageNote "later", seconds & " " & name
End Sub

Public Sub HmsSay(ByVal text As String, ByVal icon As Long, ByVal title As String)
    StageNote "say", icon & vbTab & title & vbTab & text
End Sub

Public Sub StageNote(ByVal what As String, ByVal text As String)
    StageLog = StageLog & what & vbTab & text & vbCr
End Sub
