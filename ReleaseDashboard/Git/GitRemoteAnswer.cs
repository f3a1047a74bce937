using ReleaseDashboard.Core.Git;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Triggers;

namespace ReleaseDashboard.Git;

/// <summary>Writes git's answer to the client; a push is acted on before the answer ends.</summary>
internal sealed class GitRemoteAnswer(HttpContext context, Application application) : IGitRemoteAnswer
{
    public Stream Body => context.Response.Body;

    public void Begin(int status, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
    }

    public async Task<IReadOnlyList<string>> PushedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var effects = await context.RequestServices.GetRequiredService<IPushTrigger>().LookAsync(application, cancellationToken);
            return [.. effects.SelectMany(Lines)];
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The branches have moved, so the push is accepted; the poller finds what was not done.
            context.RequestServices.GetRequiredService<ILogger<GitRemoteAnswer>>().LogError(e, "A push to {Application} could not be acted on; it will be tried again.", application.Name);
            return ["The push is stored. What follows from it could not be started now and will be tried again."];
        }
    }

    private IEnumerable<string> Lines(PushEffect effect)
    {
        yield return effect.Text;
        if (effect.Path is not null) yield return $"  {context.Request.Scheme}://{context.Request.Host}{effect.Path}";
    }
}
