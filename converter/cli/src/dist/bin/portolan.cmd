@echo off
rem Starts the Portolan command line.
setlocal
set "home=%~dp0.."
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
if exist "%home%\java\bin\java.exe" set "java=%home%\java\bin\java"
if not defined TF_CPP_MIN_LOG_LEVEL set "TF_CPP_MIN_LOG_LEVEL=2"
if not defined NVIDIA_TF32_OVERRIDE set "NVIDIA_TF32_OVERRIDE=0"
set "ORT_DISABLE_TELEMETRY=1"
"%java%" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto --enable-native-access=ALL-UNNAMED "-Donnxruntime.native.path=%home%\lib\onnxruntime" %PORTOLAN_JAVA_OPTIONS% -cp "%home%\lib\*" io.portolan.cli.Portolan %*
