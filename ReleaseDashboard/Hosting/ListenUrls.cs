namespace ReleaseDashboard.Hosting;

/// <summary>The addresses the dashboard was told to listen on.</summary>
internal static class ListenUrls
{
    public const string Default = "http://localhost:5080";

    public static IReadOnlyList<string> Read(IConfiguration configuration)
    {
        var urls = configuration[WebHostDefaults.ServerUrlsKey];
        return string.IsNullOrWhiteSpace(urls)
            ? [Default]
            : urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Port of the first address; 0 when the system chooses it.</summary>
    public static int FirstPort(IConfiguration configuration) =>
        Read(configuration).Select(u => TryParse(u, out var address) ? address.Port : 0).First();

    public static bool TryParse(string url, out BindingAddress address)
    {
        address = null!;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            return false;
        }

        return address.Scheme is "http" or "https" && address.Port is >= 0 and <= 65535 && !address.IsUnixPipe && !address.IsNamedPipe && address.PathBase.Length == 0;
    }

    /// <summary>A host a person can type into a browser: the wildcards mean this machine.</summary>
    public static string BrowsableHost(string host) => host is "0.0.0.0" or "[::]" or "+" or "*" ? "localhost" : host;
}
