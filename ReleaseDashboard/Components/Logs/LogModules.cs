namespace ReleaseDashboard.Components.Logs;

/// <summary>Addresses of the viewer's scripts: named in a page, the browser fetches them side by side rather than each when another one asks for it.</summary>
internal static class LogModules
{
    private static readonly PathString[] PagesWithViewer = ["/environments", "/deployments", "/builds"];

    public static IReadOnlyList<string> In(IWebHostEnvironment web) =>
        [.. web.WebRootFileProvider.GetDirectoryContents("js").Select(f => f.Name).Where(n => n.StartsWith("log-viewer", StringComparison.Ordinal) && n.EndsWith(".js", StringComparison.Ordinal)).Order().Select(n => $"js/{n}")];

    /// <summary>None for a page without a viewer.</summary>
    public static IReadOnlyList<string> For(HttpContext? page, IWebHostEnvironment web) =>
        page is not null && PagesWithViewer.Any(p => page.Request.Path.StartsWithSegments(p)) ? In(web) : [];
}
