Attribute VB_Name = "HmsRibbon"
Option Explicit

' What the ribbon asks, and what its buttons do. customUI14.xml names these Subs.

Private Const SECONDS_SHOWN As Long = 8

Private ribbon As Object
Private running As Boolean

Public Sub HmsOnLoad(ui As IRibbonUI)
    Set ribbon = ui
End Sub

' Lets the ribbon ask again which buttons work here.
Public Sub HmsRefresh()
    If Not ribbon Is Nothing Then ribbon.Invalidate
End Sub

Public Sub HmsGetLabel(control As IRibbonControl, ByRef returnedVal)
    returnedVal = HmsSaid(control.ID & ".label")
End Sub

Public Sub HmsGetScreentip(control As IRibbonControl, ByRef returnedVal)
    returnedVal = HmsSaid(control.ID & ".screentip")
End Sub

' What a button does, and why it is greyed where it is.
Public Sub HmsGetSupertip(control As IRibbonControl, ByRef returnedVal)
    Dim text As String
    text = HmsSaid(control.ID & ".supertip")
    If Not HmsWorks(control.ID) Then text = HmsSaid("greyed") & vbLf & vbLf & text
    returnedVal = text
End Sub

Public Sub HmsGetKeytip(control As IRibbonControl, ByRef returnedVal)
    returnedVal = HmsSaid(control.ID & ".keytip")
End Sub

Public Sub HmsGetEnabled(control As IRibbonControl, ByRef returnedVal)
    returnedVal = HmsWorks(control.ID)
End Sub

' One callback serves all buttons: the tag is what "hmsbook live" is told to do.
Public Sub HmsOnAction(control As IRibbonControl)
    If running Then
        HmsSay HmsSaid("busy"), vbInformation, HmsTitle()
    ElseIf Not HmsWorks(control.ID) Then
        HmsSay HmsSaid("greyed"), vbInformation, HmsTitle()
    Else
        HmsLive control.Tag
    End If
    HmsRefresh
End Sub

Private Sub HmsLive(ByVal verb As String)
    Dim reason As String
    On Error GoTo Failed
    running = True
    HmsStart verb
    running = False
    Exit Sub
Failed:
    ' Looking up words clears what is known of the error.
    reason = Err.Number & ": " & Err.Description
    running = False
    Application.StatusBar = False
    HmsSay HmsFilled(HmsSaid("unexpected"), "reason", reason), vbExclamation, HmsTitle()
End Sub

Private Sub HmsStart(ByVal verb As String)
    Dim python As String
    python = HmsPython()
    If HmsOnMac() Then
        HmsSay HmsFilled(HmsSaid("mac"), "verb", verb), vbInformation, HmsTitle()
    ElseIf Len(python) = 0 Then
        HmsSay HmsSaid("not_installed"), vbExclamation, HmsTitle()
    ElseIf Not HmsFileExists(python) Then
        HmsSay HmsFilled(HmsSaid("gone"), "python", python), vbExclamation, HmsTitle()
    Else
        HmsAsk python, verb
    End If
End Sub

Private Sub HmsAsk(ByVal python As String, ByVal verb As String)
    Dim answerFile As String
    Dim commandLine As String
    Dim code As Long
    Dim refused As String
    answerFile = HmsAnswerFile()
    commandLine = HmsCommandLine(python, verb, HmsBook(), HmsWindow(), HmsLanguage(), answerFile)
    Application.StatusBar = HmsSaid("working")
    On Error Resume Next
    code = HmsRun(commandLine)
    If Err.Number <> 0 Then refused = Err.Number & ": " & Err.Description
    HmsWake
    On Error GoTo 0
    Application.StatusBar = False
    If Len(refused) > 0 Then
        HmsSay HmsFilled(HmsFilled(HmsSaid("forbidden"), "reason", refused), "verb", verb), vbExclamation, HmsTitle()
    Else
        HmsShow HmsAnswer(answerFile), code
    End If
End Sub

' Shows an answer the way its first line asks for.
Private Sub HmsShow(ByVal answer As String, ByVal code As Long)
    Select Case HmsAnswerKind(answer)
        Case "ok"
            HmsTell HmsAnswerText(answer)
        Case "note"
            HmsSay HmsShort(HmsAnswerText(answer)), vbInformation, HmsTitle()
        Case "error"
            HmsSay HmsShort(HmsAnswerText(answer)), vbExclamation, HmsTitle()
        Case Else
            HmsSay HmsFilled(HmsSaid("no_answer"), "code", CStr(code)), vbExclamation, HmsTitle()
    End Select
End Sub

' A result in the status bar for some seconds.
Private Sub HmsTell(ByVal text As String)
    If Len(text) = 0 Then Exit Sub
    Application.StatusBar = Replace(text, vbLf, " ")
    HmsLater SECONDS_SHOWN, "HmsClearStatus"
End Sub

Public Sub HmsClearStatus()
    If Not running Then Application.StatusBar = False
End Sub

' Whether a button can be used now.
Private Function HmsWorks(ByVal id As String) As Boolean
    HmsWorks = Not HmsNeedsBook(id) Or HmsIsOurs()
End Function

' Whether the workbook in front is one that hmsbook made.
Private Function HmsIsOurs() As Boolean
    On Error Resume Next
    HmsIsOurs = Len(ActiveWorkbook.Names("hms_manifest").Name) > 0
End Function

' Path, web address or bare name of the workbook in front; nothing where none is open.
Private Function HmsBook() As String
    On Error Resume Next
    HmsBook = ActiveWorkbook.FullName
End Function

Private Function HmsLanguage() As String
    Dim found As Long
    On Error Resume Next
    found = HmsOfficeLanguage()
    HmsLanguage = HmsLanguageOf(found)
End Function

Private Function HmsSaid(ByVal key As String) As String
    HmsSaid = HmsWord(HmsLanguage(), key)
End Function

Private Function HmsTitle() As String
    HmsTitle = HmsSaid("title") & " (hmsbook " & HMS_VERSION & ")"
End Function
