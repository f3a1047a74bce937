using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ReleaseDashboard.Core.Git;

/// <summary>Runs <c>git http-backend</c> as a CGI program for one request.</summary>
internal sealed class GitRemote(GitHome home, GitProcess git, HostedRepositories hosted, TimeProvider time, ILogger<GitRemote> logger) : IGitRemote
{
    /// <summary>For what has to be done after a push although the client has gone.</summary>
    private static readonly TimeSpan AfterPush = TimeSpan.FromSeconds(30);

    public async Task ServeAsync(GitRemoteRequest request, IGitRemoteAnswer answer, CancellationToken cancellationToken)
    {
        await hosted.SetHeadAsync(request.Application, request.Head, cancellationToken).ConfigureAwait(false);
        var push = new PushOnce(answer);
        using var process = git.Start(null, ["http-backend"], Variables(request));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var input = FeedAsync(request.Body, process, ended.Token);
        var error = ReadErrorAsync(process, cancellationToken);
        try
        {
            var output = process.StandardOutput.BaseStream;
            var (status, headers, rest) = await CgiHead.ReadAsync(output, cancellationToken).ConfigureAwait(false);
            answer.Begin(status, headers);
            if (request.IsPush && status == 200)
                await new PushAnswer(answer.Body, push.RunAsync).CopyAsync(rest, output, cancellationToken).ConfigureAwait(false);
            else
                await CopyAsync(rest, output, answer.Body, cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode != 0) logger.LogWarning("git http-backend for {Application} ended with {ExitCode}: {Error}", request.Application, process.ExitCode, await error.ConfigureAwait(false));
        }
        finally
        {
            GitProcess.Kill(process);
            await ended.CancelAsync().ConfigureAwait(false);
            await input.ConfigureAwait(false);
            if (request.IsPush) await CatchUpAsync(request.Application, push).ConfigureAwait(false);
        }
    }

    /// <summary>A push that moved a branch counts, whatever became of its answer.</summary>
    private async Task CatchUpAsync(string application, PushOnce push)
    {
        using var limit = new CancellationTokenSource(AfterPush, time);
        try
        {
            await push.RunAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            logger.LogWarning("A push to {Application} could not be acted on in time; it will be found again.", application);
        }
    }

    private Dictionary<string, string> Variables(GitRemoteRequest request)
    {
        var variables = new Dictionary<string, string>
        {
            ["GIT_PROJECT_ROOT"] = home.Hosted,
            ["GIT_HTTP_EXPORT_ALL"] = "1",
            ["PATH_INFO"] = $"/{Path.GetFileName(home.HostedRepository(request.Application))}/{request.Service}",
            ["REQUEST_METHOD"] = request.Method,
            ["QUERY_STRING"] = request.Query,
            ["CONTENT_TYPE"] = request.ContentType ?? "",
            ["REMOTE_USER"] = request.User,
            ["REMOTE_ADDR"] = "dashboard",
            ["SERVER_PROTOCOL"] = "HTTP/1.1",
        };
        if (request.ContentLength is { } length) variables["CONTENT_LENGTH"] = length.ToString(CultureInfo.InvariantCulture);
        if (request.ContentEncoding is { Length: > 0 } encoding) variables["HTTP_CONTENT_ENCODING"] = encoding;
        if (request.Protocol is { Length: > 0 and < 200 } protocol) variables["GIT_PROTOCOL"] = protocol;
        return variables;
    }

    private static async Task FeedAsync(Stream body, Process process, CancellationToken cancellationToken)
    {
        try
        {
            await body.CopyToAsync(process.StandardInput.BaseStream, cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Git has read enough, or the client has gone; the answer tells which.
            GitProcess.CloseInput(process);
        }
    }

    private static async Task<string> ReadErrorAsync(Process process, CancellationToken cancellationToken)
    {
        try
        {
            var text = await process.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            return GitFailure.Reason(text);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return "";
        }
    }

    private static async Task CopyAsync(ReadOnlyMemory<byte> first, Stream from, Stream to, CancellationToken cancellationToken)
    {
        await to.WriteAsync(first, cancellationToken).ConfigureAwait(false);
        await from.CopyToAsync(to, cancellationToken).ConfigureAwait(false);
    }

    private sealed class PushOnce(IGitRemoteAnswer answer)
    {
        private bool _done;

        public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
        {
            if (_done) return [];
            var lines = await answer.PushedAsync(cancellationToken).ConfigureAwait(false);
            _done = true;
            return lines;
        }
    }
}
