namespace ReleaseDashboard.Hosting;

internal static class StaticFiles
{
    /// <summary>
    /// A published dashboard has its files beside the program, wherever it is started from; settings and the data directory stay
    /// relative to the folder it is started in.
    /// </summary>
    public static WebApplicationOptions Options(string[] args)
    {
        var published = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        return Directory.Exists(published)
            ? new WebApplicationOptions { Args = args, WebRootPath = published }
            : new WebApplicationOptions { Args = args };
    }
}
