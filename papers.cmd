@echo off
rem For a double click: sets the program up at the first start, builds the papers, and opens the page that lists them.
rem In a command window, more words are targets and options, as after "forum-papers build".
setlocal
pushd "%~dp0"
if errorlevel 1 goto end
set "PYTHON="
for %%v in (3.13 3.12 3.11) do if not defined PYTHON call :try py -%%v
if not defined PYTHON call :try python
if not defined PYTHON (
  echo Python: found none of the versions 3.11, 3.12 and 3.13; expected one of them. Install Python 3.13, then start papers.cmd again.
  goto failed
)
call %PYTHON% install.py once
if errorlevel 1 goto failed
.venv\Scripts\python.exe scripts\forum_papers.py build %*
if errorlevel 1 goto failed
start "" "outputs\index.html"
pause
exit /b 0

:try
call %* install.py check >nul 2>nul
if not errorlevel 1 set "PYTHON=%*"
exit /b 0

:failed
echo.
echo Nothing was opened. Correct what is named above, then start papers.cmd again.
:end
pause
exit /b 1
