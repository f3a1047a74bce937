using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Endpoints;

/// <summary>Says with every answer about a log that some of its lines are gone: when, up to which line, how many and why.</summary>
internal static class LogPrunedHeaders
{
    public static IResult With(LogPruned? pruned, IResult answer) => pruned is null ? answer : new Said(pruned, answer);

    public static void Add(HttpResponse response, LogPruned? pruned)
    {
        if (pruned is null) return;
        var headers = response.Headers;
        // Lines up to X-Log-Pruned-Lines are gone, but for those that were pinned.
        headers["X-Log-Pruned"] = pruned.At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        headers["X-Log-Pruned-Lines"] = pruned.Lines.ToString();
        headers["X-Log-Pruned-Count"] = pruned.Removed.ToString();
        headers["X-Log-Pruned-Reason"] = pruned.Reason;
    }

    private sealed class Said(LogPruned pruned, IResult answer) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            Add(context.Response, pruned);
            return answer.ExecuteAsync(context);
        }
    }
}
