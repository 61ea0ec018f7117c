Attribute VB_Name = "HmsProcess"
Option Explicit

' All that reaches out of the workbook: Office's language, the setting, the process and its answer.
' Everything goes through objects that know Unicode, where VBA's own file functions know one code page.

Private Const HIDDEN_WINDOW As Long = 0
Private Const TEMPORARY_FOLDER As Long = 2
Private Const TEXT_STREAM As Long = 2
Private Const UI_LANGUAGE As Long = 2

' Whether this is Excel for Mac, which starts no other program.
Public Function HmsOnMac() As Boolean
#If Mac Then
    HmsOnMac = True
#Else
    HmsOnMac = False
#End If
End Function

Public Function HmsOfficeLanguage() As Long
    Dim host As Object
    ' Not every Excel for Mac has it: asked for late, its lack is an error here and not a project that will not start.
    Set host = Application
    HmsOfficeLanguage = host.LanguageSettings.LanguageID(UI_LANGUAGE)
End Function

Public Function HmsWindow() As String
    Dim host As Object
    Set host = Application
    HmsWindow = CStr(host.Hwnd)
End Function

' The interpreter that "hmsbook addin install" left word of; nothing where it was never run.
Public Function HmsPython() As String
    HmsPython = GetSetting("hmsbook", "addin", "python", "")
End Function

Public Function HmsFileExists(ByVal path As String) As Boolean
    HmsFileExists = CreateObject("Scripting.FileSystemObject").FileExists(path)
End Function

' A file name that nothing has yet, for the answer.
Public Function HmsAnswerFile() As String
    Dim files As Object
    Set files = CreateObject("Scripting.FileSystemObject")
    HmsAnswerFile = files.GetSpecialFolder(TEMPORARY_FOLDER).Path & "\hmsbook-" & files.GetTempName()
End Function

' Runs a command line to its end, and gives its exit code. Excel stays alive meanwhile.
Public Function HmsRun(ByVal commandLine As String) As Long
    Dim shell As Object
    Set shell = CreateObject("WScript.Shell")
    ' Run fills in what stands between percent signs; only this name is meant.
    shell.Environment("PROCESS").Item(HMS_PERCENT) = "%"
    HmsRun = shell.Run(HmsUnexpanded(commandLine), HIDDEN_WINDOW, True)
End Function

' What stands in the answer file, which is removed; nothing where there is none.
Public Function HmsAnswer(ByVal path As String) As String
    Dim stream As Object
    If Not HmsFileExists(path) Then Exit Function
    Set stream = CreateObject("ADODB.Stream")
    stream.Type = TEXT_STREAM
    stream.Charset = "utf-8"
    stream.Open
    stream.LoadFromFile path
    HmsAnswer = stream.ReadText()
    stream.Close
    CreateObject("Scripting.FileSystemObject").DeleteFile path
End Function

' Whatever happened to the program, nobody is left with an Excel that takes no keys and shows nothing.
Public Sub HmsWake()
    Dim host As Object
    Set host = Application
    host.Interactive = True
    host.EnableEvents = True
    host.ScreenUpdating = True
End Sub

' Runs a Sub of ours in some seconds.
Public Sub HmsLater(ByVal seconds As Long, ByVal name As String)
    Application.OnTime Now + TimeSerial(0, 0, seconds), "'" & ThisWorkbook.Name & "'!" & name
End Sub

Public Sub HmsSay(ByVal text As String, ByVal icon As Long, ByVal title As String)
    MsgBox text, icon, title
End Sub
