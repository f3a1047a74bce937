using System.Text.Json;
using Docker.DotNet;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker.BuildKit;

/// <summary>
/// Builds with BuildKit through the Engine API, without the command line and without a gRPC session: one request carries the context under an id, and another,
/// at the same time, builds from that id (the daemon waits five seconds for the pair). The answer is a stream of traces. Closing the build's request
/// is what cancels it.
/// </summary>
internal sealed class BuildKitImageBuilder(DockerConnection docker) : IImageBuilder
{
    private readonly DockerImages _images = new(docker);
    private bool _checked;

    public async Task<BuiltImage?> FindAsync(string reference, CancellationToken cancellationToken) =>
        await _images.InspectAsync(reference, cancellationToken) is { } image ? new BuiltImage(reference, image.ID, image.Size) : null;

    public async Task<ImageBuildResult> BuildAsync(ImageBuildRequest request, IBuildOutput output, CancellationToken cancellationToken)
    {
        await CheckAsync(cancellationToken);
        var id = Guid.NewGuid().ToString("N");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var content = new ContextContent(request.WriteContext);
        var upload = UploadAsync(id, content, stop);
        try
        {
            var (imageId, error, narrator) = await FollowAsync(id, request, output, stop.Token);
            if (content.WriterProblem is { } unwritten) throw unwritten;
            if (imageId is null)
            {
                await docker.ConfirmAsync(cancellationToken);
                return new ImageBuildResult(null, Explain(request, error, narrator));
            }

            return await FindAsync(imageId, cancellationToken) is { } image
                ? new ImageBuildResult(image with { Reference = request.Reference }, null)
                : throw new EngineException($"The image {request.Reference} was built and then removed by somebody else.") { Suggestion = "Open the build and press Rebuild." };
        }
        catch (Exception problem) when (problem is not EngineUnavailableException && content.WriterProblem is not null && !cancellationToken.IsCancellationRequested)
        {
            // The upload broke off because the context could not be written; that is the reason, whatever the build made of it.
            throw content.WriterProblem;
        }
        finally
        {
            await stop.CancelAsync();
            await upload;
        }
    }

    internal static string BuildQuery(string id, ImageBuildRequest request)
    {
        var query = new List<string>
        {
            "version=2",
            "remote=upload-request",
            $"buildid={id}",
            $"t={Uri.EscapeDataString(request.Reference)}",
            $"dockerfile={Uri.EscapeDataString(request.Dockerfile)}",
            $"buildargs={Uri.EscapeDataString(JsonSerializer.Serialize(request.Args))}",
            $"labels={Uri.EscapeDataString(JsonSerializer.Serialize(request.Labels))}",
        };
        if (!string.IsNullOrEmpty(request.Target)) query.Add($"target={Uri.EscapeDataString(request.Target)}");
        if (request.NoCache) query.Add("nocache=1");
        return string.Join('&', query);
    }

    /// <summary>Never throws: a build that lacks its context fails by itself, and <see cref="ContextContent.WriterProblem"/> says why.</summary>
    private async Task UploadAsync(string id, ContextContent content, CancellationTokenSource stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/build?version=2&buildid=upload-request:{id}") { Content = content };
            using var answer = await docker.SendAsync(request, stop.Token);
        }
        catch (Exception problem) when (problem is OperationCanceledException or EngineUnavailableException or EngineException or DockerApiException)
        {
            // The build's own answer tells the story.
        }
        catch (Exception)
        {
            // The writer failed: the build would wait for the rest in vain.
            await stop.CancelAsync();
        }
    }

    private async Task<(string? ImageId, string? Error, BuildNarrator Narrator)> FollowAsync(string id, ImageBuildRequest request, IBuildOutput output, CancellationToken cancellationToken)
    {
        var narrator = new BuildNarrator(output);
        string? imageId = null, error = null;
        try
        {
            using var build = new HttpRequestMessage(HttpMethod.Post, "/build?" + BuildQuery(id, request));
            using var answer = await docker.SendAsync(build, cancellationToken);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            using var reader = new StreamReader(body);
            while (await docker.ReadAsync(() => reader.ReadLineAsync(cancellationToken), cancellationToken) is { } line)
            {
                if (line.Length == 0) continue;
                using var json = JsonDocument.Parse(line);
                var message = json.RootElement;
                if (message.TryGetProperty("error", out var said)) error = said.GetString();
                if (!message.TryGetProperty("id", out var kind) || !message.TryGetProperty("aux", out var aux)) continue;
                if (kind.ValueEquals("moby.buildkit.trace")) await narrator.TellAsync(BuildTrace.Read(aux.GetBytesFromBase64()), cancellationToken);
                else if (kind.ValueEquals("moby.image.id")) imageId = aux.GetProperty("ID").GetString();
            }
        }
        catch (DockerApiException problem)
        {
            error = DockerConnection.Words(problem);
        }
        catch (EngineException problem) when (problem.InnerException is DockerApiException inner)
        {
            error = DockerConnection.Words(inner);
        }

        await narrator.EndAsync(cancellationToken);
        return (error is null ? imageId : null, error, narrator);
    }

    private Failure Explain(ImageBuildRequest request, string? error, BuildNarrator narrator)
    {
        var failed = narrator.FailedStep;
        // Neither an image nor a step that failed by itself: the daemon went away in the middle, with or without a word.
        if (error is null || (failed is null && (error.Contains("context canceled", StringComparison.Ordinal) || error.Contains("code = Unavailable", StringComparison.Ordinal))))
            throw docker.Unavailable(new IOException(error ?? "The build's stream ended early."));
        return BuildFailure.Explain(ShortName(request.Reference), request, error, failed);
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (_checked) return;
        var status = DockerEngine.Judge(await docker.CallAsync(client => client.System.GetVersionAsync(cancellationToken), cancellationToken));
        if (!status.Available) throw new EngineException(status.Message!);
        _checked = true;
    }

    /// <summary><c>release/shop/web:build-12</c> → <c>web</c>.</summary>
    private static string ShortName(string reference) => reference[(reference.LastIndexOf('/') + 1)..].Split(':')[0];
}
