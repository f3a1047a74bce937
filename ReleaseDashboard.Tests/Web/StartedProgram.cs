using System.Collections.Concurrent;
using System.Diagnostics;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Web;

/// <summary>The dashboard as a process of its own, for tests of its start and its end.</summary>
internal sealed class StartedProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private StartedProgram(Process process) => _process = process;

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    /// <param name="environment">Variables as an operator sets them: <c>Release__MaxConcurrentRuns</c>.</param>
    public static StartedProgram Start(IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
        foreach (var key in start.Environment.Keys.Where(k => k.StartsWith("Release__", StringComparison.OrdinalIgnoreCase) || k == "ASPNETCORE_URLS").ToList()) start.Environment.Remove(key);
        foreach (var (key, value) in environment) start.Environment[key] = value;
        var dashboard = new StartedProgram(new Process { StartInfo = start });
        dashboard._process.OutputDataReceived += (_, line) => { if (line.Data is { } text) dashboard._output.Enqueue(text); };
        dashboard._process.ErrorDataReceived += (_, line) => { if (line.Data is { } text) dashboard._errors.Enqueue(text); };
        dashboard._process.Start();
        dashboard._process.BeginOutputReadLine();
        dashboard._process.BeginErrorReadLine();
        return dashboard;
    }

    /// <summary>Waits for the printed link, the sign that it serves.</summary>
    public async Task<Uri> SignInLinkAsync()
    {
        var line = await Eventually.GetAsync(
            () => _process.HasExited && !_output.Any(o => o.StartsWith("Sign in: ", StringComparison.Ordinal))
                ? throw new InvalidOperationException($"The dashboard ended with code {_process.ExitCode}: {Errors}\n{Output}")
                : Task.FromResult(_output.FirstOrDefault(o => o.StartsWith("Sign in: ", StringComparison.Ordinal))),
            "the dashboard prints its sign-in link", TimeSpan.FromSeconds(60));
        return new Uri(line["Sign in: ".Length..]);
    }

    /// <summary>As the system, or Ctrl-C, ends it.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<int> ExitCodeAsync(TimeSpan within)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(within);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The dashboard still runs after {within.TotalSeconds:0} s. It said: {Output}\n{Errors}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
