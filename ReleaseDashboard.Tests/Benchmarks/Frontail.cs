using System.Diagnostics;
using ReleaseDashboard.Tests.Acceptance;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Benchmarks;

/// <summary>npm's <c>frontail</c>, fed by <c>docker logs -f</c>.</summary>
internal sealed class Frontail : IDisposable
{
    private const string Version = "4.9.2";

    private readonly Process _process;

    private Frontail(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Null where there is no npm, or it cannot install it.</summary>
    public static async Task<Frontail?> StartAsync(string container, string folder)
    {
        var (code, said) = await Tool.TryAsync("sh", ["-c", "exec npm install --silent --no-fund --no-audit --prefix \"$0\" \"$1\"", folder, $"frontail@{Version}"]);
        if (code != 0)
        {
            TestContext.Current.AddWarning($"frontail {Version} is not measured, npm cannot install it: {said}");
            return null;
        }

        var port = DashboardProcess.FreePort();
        var process = Process.Start(new ProcessStartInfo(
            "sh",
            ["-c", "docker logs -f --tail 0 \"$0\" | node \"$1\" --host 127.0.0.1 --port \"$2\" --disable-usage-stats -", container, Path.Combine(folder, "node_modules", "frontail", "bin", "frontail"), $"{port}"])
        {
            RedirectStandardOutput = true,
        })!;
        var frontail = new Frontail(process, new Uri($"http://127.0.0.1:{port}"));
        using var http = new HttpClient();
        await Eventually.TrueAsync(async () => await Answers(http, frontail.Address), "frontail answers");
        return frontail;
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static async Task<bool> Answers(HttpClient http, Uri address)
    {
        try
        {
            return (await http.GetAsync(address)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
