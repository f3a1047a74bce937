using System.Diagnostics;
using ReleaseDashboard.Tests.Support;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>
/// A real Docker daemon of the test's own beside the machine's, so that it can be stopped without taking the other tests with it. Needs root. Its containers live on
/// while it is stopped (live-restore), and one always runs: a daemon that starts again with none removes the bridge docker0, which is the machine's.
/// </summary>
internal sealed class PrivateDocker : IAsyncDisposable
{
    private const string Bridge = "release-test0";

    private readonly TemporaryFolder _folder = new();
    private Process? _daemon;

    public string Endpoint => $"unix://{_folder.File("docker.sock")}";

    public static string? WhyNot => Environment.UserName == "root" ? null : "A second Docker daemon needs root.";

    public async Task StartAsync()
    {
        // Own bridge and address pool, no firewall rules: nothing of the machine's own daemon is touched. (--bridge=none would remove its docker0.)
        if ((await Tool.TryAsync("ip", ["link", "show", Bridge])).Code != 0)
        {
            await Tool.RunAsync("ip", ["link", "add", Bridge, "type", "bridge"]);
            await Tool.RunAsync("ip", ["addr", "add", "10.212.0.1/24", "dev", Bridge]);
            await Tool.RunAsync("ip", ["link", "set", Bridge, "up"]);
        }

        _daemon = Process.Start(new ProcessStartInfo("dockerd",
        [
            "--data-root", _folder.File("data"), "--exec-root", _folder.File("exec"), "--pidfile", _folder.File("pid"),
            "-H", Endpoint, "--iptables=false", "--live-restore", "--bridge", Bridge, "--default-address-pool", "base=10.213.0.0/16,size=24",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _daemon.OutputDataReceived += (_, _) => { };
        _daemon.ErrorDataReceived += (_, _) => { };
        _daemon.BeginOutputReadLine();
        _daemon.BeginErrorReadLine();
        await Eventually.TrueAsync(async () => (await TryAsync("version")).Code == 0, "the second Docker daemon answers", TimeSpan.FromSeconds(60));
    }

    /// <summary>Ends the daemon in good order, as a service restart does.</summary>
    public async Task StopAsync()
    {
        if (_daemon is null) return;
        await Tool.RunAsync("kill", ["-TERM", _daemon.Id.ToString()]);
        await _daemon.WaitForExitAsync();
        _daemon.Dispose();
        _daemon = null;
    }

    public Task<(int Code, string Output)> TryAsync(params string[] arguments) => Tool.TryAsync("docker", ["-H", Endpoint, .. arguments]);

    /// <summary>Copies an image from the machine's daemon, and keeps one container of it running.</summary>
    public async Task LoadAsync(string image)
    {
        var file = _folder.File("image.tar");
        await Tool.DockerAsync("save", "-o", file, image);
        await Tool.RunAsync("docker", ["-H", Endpoint, "load", "-q", "-i", file]);
        await Tool.RunAsync("docker", ["-H", Endpoint, "run", "-d", "--init", image, "sh", "-c", "while true; do sleep 1; done"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            var (_, ids) = await TryAsync("ps", "-aq");
            foreach (var id in ids.Split('\n', StringSplitOptions.RemoveEmptyEntries)) await TryAsync("rm", "-f", id.Trim());
            await StopAsync();
        }

        await Tool.TryAsync("ip", ["link", "del", Bridge]);
        // Live-restore leaves the storage driver's mount behind for the next start, which never comes.
        await Tool.TryAsync("sh", ["-c", "for m in \"$0\"/exec/netns/* \"$0\"/data/overlay2/*/merged \"$0\"/data/overlay2 \"$0\"/data; do umount -l \"$m\" 2>/dev/null; done; true", _folder.Path]);
        _folder.Dispose();
    }
}
