using System.Diagnostics;
using System.Formats.Tar;
using System.Net.Sockets;

namespace ReleaseDashboard.Tests.Support;

/// <summary>Images for tests on the real engine, made on this machine: nothing is pulled.</summary>
internal static class TestImages
{
    /// <summary>The machine's static busybox with a link for every applet (sh, httpd, nc, wget, sleep …). A service may run <c>httpd -f -p 80 -h /www</c>.</summary>
    public const string Busybox = "release-test/busybox:1";

    private static readonly Lazy<Task<string>> Made = new(MakeBusyboxAsync);

    /// <summary>Makes the image once for this process, if the engine does not have it yet. Returns its reference.</summary>
    public static Task<string> BusyboxAsync() => Made.Value;

    private static async Task<string> MakeBusyboxAsync()
    {
        using var docker = Connect();
        using (var found = await docker.GetAsync($"/images/{Busybox}/json"))
        {
            if (found.IsSuccessStatusCode) return Busybox;
        }

        var changes = Uri.EscapeDataString("ENV PATH=/bin");
        using var content = new StreamContent(await FilesAsync());
        content.Headers.ContentType = new("application/x-tar");
        using var answer = await docker.PostAsync($"/images/create?fromSrc=-&repo=release-test/busybox&tag=1&changes={changes}", content);
        var words = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode || words.Contains("errorDetail", StringComparison.Ordinal))
            throw new InvalidOperationException($"The test image could not be made: {words}");
        return Busybox;
    }

    private static async Task<Stream> FilesAsync()
    {
        var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var folder in new[] { "bin/", "tmp/", "www/", "etc/" })
                await writer.WriteEntryAsync(new UstarTarEntry(TarEntryType.Directory, folder) { Mode = (UnixFileMode)0x1FF });
            await using var busybox = File.OpenRead("/bin/busybox");
            await writer.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "bin/busybox") { DataStream = busybox, Mode = (UnixFileMode)0x1ED });
            foreach (var applet in await AppletsAsync())
                await writer.WriteEntryAsync(new UstarTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
        }

        tar.Position = 0;
        return tar;
    }

    private static async Task<IEnumerable<string>> AppletsAsync()
    {
        using var list = Process.Start(new ProcessStartInfo("/bin/busybox", "--list") { RedirectStandardOutput = true })!;
        var names = await list.StandardOutput.ReadToEndAsync();
        await list.WaitForExitAsync();
        return names.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(name => name != "busybox");
    }

    private static HttpClient Connect() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint("/var/run/docker.sock"), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://docker"),
    };
}
