/**
 * The helper that talks to Windows' print spooler, as PowerShell with a few lines of C#.
 *
 * Every Windows has both, so nothing native is shipped and nothing is installed. One line in, one
 * line out: `OPEN name`, `DATA bytes`, `END`, `ABORT` (names and bytes in Base64) are answered with
 * `OK` or `ERR code words`. The document is begun with its first byte, so that opening alone prints
 * no empty job. Ends with its input. Source: Win32 `OpenPrinter`, `StartDocPrinter` (datatype RAW),
 * `WritePrinter`, `EndDocPrinter`, `AbortPrinter`.
 *
 * Written from the interface's documentation and not tried: there was no Windows to try it on.
 */
const SCRIPT = `
$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
Add-Type -TypeDefinition @'
using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
public static class Spooler {
  [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
  class DocumentInfo { public string Name; public string Output; public string DataType; }
  [DllImport("winspool.drv", EntryPoint = "OpenPrinterW", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern bool OpenPrinter(string name, out IntPtr printer, IntPtr defaults);
  [DllImport("winspool.drv", EntryPoint = "StartDocPrinterW", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern int StartDocPrinter(IntPtr printer, int level, [In] DocumentInfo info);
  [DllImport("winspool.drv", SetLastError = true)]
  static extern bool WritePrinter(IntPtr printer, byte[] bytes, int count, out int written);
  [DllImport("winspool.drv", SetLastError = true)]
  static extern bool EndDocPrinter(IntPtr printer);
  [DllImport("winspool.drv", SetLastError = true)]
  static extern bool AbortPrinter(IntPtr printer);
  [DllImport("winspool.drv", SetLastError = true)]
  static extern bool ClosePrinter(IntPtr printer);
  static IntPtr printer = IntPtr.Zero;
  static bool begun = false;
  static void Check(bool done) { if (!done) throw new Win32Exception(Marshal.GetLastWin32Error()); }
  public static void Open(string name) {
    Abort();
    Check(OpenPrinter(name, out printer, IntPtr.Zero));
  }
  public static void Write(byte[] bytes) {
    if (!begun) {
      var info = new DocumentInfo { Name = "Receipt", Output = null, DataType = "RAW" };
      Check(StartDocPrinter(printer, 1, info) != 0);
      begun = true;
    }
    int sent = 0;
    while (sent < bytes.Length) {
      var rest = new byte[bytes.Length - sent];
      Array.Copy(bytes, sent, rest, 0, rest.Length);
      int written;
      Check(WritePrinter(printer, rest, rest.Length, out written));
      if (written == 0) throw new Win32Exception(29);
      sent += written;
    }
  }
  public static void End() {
    if (begun) { begun = false; Check(EndDocPrinter(printer)); }
    Close();
  }
  public static void Abort() {
    if (begun) { begun = false; AbortPrinter(printer); }
    Close();
  }
  static void Close() {
    if (printer != IntPtr.Zero) ClosePrinter(printer);
    printer = IntPtr.Zero;
  }
}
'@
while ($null -ne ($line = [Console]::In.ReadLine())) {
  try {
    $verb, $rest = $line.Split(' ', 2)
    if ($verb -eq 'OPEN') { [Spooler]::Open([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($rest))) }
    elseif ($verb -eq 'DATA') { [Spooler]::Write([Convert]::FromBase64String($rest)) }
    elseif ($verb -eq 'END') { [Spooler]::End() }
    else { [Spooler]::Abort() }
    [Console]::Out.WriteLine('OK')
  } catch {
    $reason = $_.Exception.GetBaseException()
    $code = if ($reason -is [ComponentModel.Win32Exception]) { $reason.NativeErrorCode } else { 0 }
    [Console]::Out.WriteLine('ERR ' + $code + ' ' + ($reason.Message -replace '\\s+', ' '))
  }
}
[Spooler]::Abort()
`;

/** The helper's command line; the script travels in it, so no file has to be found or trusted. */
export function spoolerCommand(
  systemRoot: string,
): readonly [program: string, ...args: readonly string[]] {
  return [
    `${systemRoot}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`,
    '-NoLogo',
    '-NoProfile',
    '-NonInteractive',
    '-ExecutionPolicy',
    'Bypass',
    '-EncodedCommand',
    Buffer.from(SCRIPT, 'utf16le').toString('base64'),
  ];
}
