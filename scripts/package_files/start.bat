@echo off
chcp 936 >nul
setlocal disabledelayedexpansion
title 工作计划看板
set "HERE=%~dp0"
set "PROGRAM="
for /f "delims=" %%d in ('dir /b /ad /on "%HERE%program-*" 2^>nul') do set "PROGRAM=%HERE%%%d"
if not exist "%PROGRAM%\start.py" goto incomplete
call :find_python
if not defined PYTHON call :install_python
if not defined PYTHON goto no_python
"%PYTHON%" -I -X utf8 "%PROGRAM%\start.py" %*
if errorlevel 1 pause
exit /b

:find_python
set "PYTHON="
for %%p in ("%PROGRAM%\python\python.exe" "%HERE%python\python.exe" "%LocalAppData%\Programs\Python\Python313\python.exe" "%ProgramFiles%\Python313\python.exe") do (
    if not defined PYTHON if exist "%%~p" set "PYTHON=%%~p"
)
exit /b

:install_python
for %%f in ("%HERE%python-3.13.*-amd64.exe") do (
    echo 第一次启动：正在把 Python 装到本文件夹，约需一分钟，不需要管理员权限。
    "%%~f" /passive InstallAllUsers=0 TargetDir="%HERE%python" Include_launcher=0 Include_test=0 Include_doc=0 Include_tcltk=0 Shortcuts=0 AssociateFiles=0 PrependPath=0
)
goto find_python

:no_python
echo 还差一样东西：Python 3.13 的安装文件（python-3.13.*-amd64.exe，约 28 MB）。
echo 请把它放进本文件夹，再双击「启动看板」。见 安装说明.txt。
pause
exit /b 1

:incomplete
echo 程序不完整：请把压缩包的全部内容解压到一个文件夹，再双击「启动看板」。
echo 不能在压缩包里直接双击。
pause
exit /b 1
