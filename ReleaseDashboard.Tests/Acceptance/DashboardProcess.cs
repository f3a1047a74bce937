using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ReleaseDashboard.Tests.Architecture;
using ReleaseDashboard.Tests.Support;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>The dashboard as its users run it: a process of its own, started, killed and started again on the same data directory and address.</summary>
internal sealed class DashboardProcess : IAsyncDisposable
{
    public const string Token = "acceptance-token-0123456789";

    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    public DashboardProcess(string dataDirectory, IReadOnlyDictionary<string, string>? settings = null)
    {
        DataDirectory = dataDirectory;
        _settings = settings ?? new Dictionary<string, string>();
        Port = FreePort();
        Address = new Uri($"http://localhost:{Port}");
        Api = new DashboardApi(Address, Token);
    }

    public string DataDirectory { get; }
    public int Port { get; }
    public Uri Address { get; }
    public DashboardApi Api { get; }
    public string Output => string.Join('\n', _output);
    public int ProcessId => _process?.Id ?? 0;

    public string SignInLink => _output.Last(l => l.Contains("Sign in: ", StringComparison.Ordinal)).Split("Sign in: ")[1].Trim();

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Program()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = DataDirectory,
        };
        start.Environment["ASPNETCORE_URLS"] = Address.ToString().TrimEnd('/');
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Release__DataDirectory"] = DataDirectory;
        start.Environment["Release__Auth__BootstrapToken"] = Token;
        start.Environment["Release__SeedSample"] = "false";
        foreach (var (key, value) in _settings) start.Environment[key] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await Eventually.TrueAsync(AnswersAsync, "the dashboard answers /healthz", TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"The dashboard did not start:\n{Output}", e);
        }
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async Task KillAndRestartAsync()
    {
        await KillAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Api.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Program()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return Path.Combine(SourceTree.Root, "ReleaseDashboard", "bin", configuration, "net10.0", "ReleaseDashboard.dll");
    }

    private async Task<bool> AnswersAsync()
    {
        if (_process is { HasExited: true }) throw new InvalidOperationException($"The dashboard ended with {_process.ExitCode}:\n{Output}");
        try
        {
            return (await Api.Http.GetAsync("/healthz")).IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            // The second comes bare where the address is given up in the moment of connecting.
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is not null) _output.Enqueue(line);
    }
}
