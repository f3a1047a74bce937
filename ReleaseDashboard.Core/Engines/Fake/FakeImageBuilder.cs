using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Fake;

/// <summary>Builds nothing, but reads the whole context and says what a builder says. Scripted by <see cref="Builds"/>.</summary>
internal sealed class FakeImageBuilder(TimeProvider clock) : IImageBuilder
{
    private readonly ConcurrentDictionary<string, BuiltImage> _images = new();

    /// <summary>Image reference without tag (<c>release/shop/web</c>) → behaviour.</summary>
    public ConcurrentDictionary<string, FakeBuildScript> Builds { get; } = new();

    /// <summary>Every request, in order.</summary>
    public ConcurrentQueue<ImageBuildRequest> Requests { get; } = new();

    public Task<BuiltImage?> FindAsync(string reference, CancellationToken cancellationToken) => Task.FromResult(_images.GetValueOrDefault(reference));

    /// <summary>The image is gone, as after a prune.</summary>
    public void Forget(string reference) => _images.TryRemove(reference, out _);

    public async Task<ImageBuildResult> BuildAsync(ImageBuildRequest request, IBuildOutput output, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        var script = Builds.GetValueOrDefault(request.Reference[..request.Reference.LastIndexOf(':')]) ?? new FakeBuildScript();
        using var context = new MemoryStream();
        await request.WriteContext(context, cancellationToken);

        var steps = new List<BuildStep>();
        for (var i = 0; i < script.Steps.Count; i++)
        {
            var last = i == script.Steps.Count - 1;
            var step = new BuildStep(Digest($"{request.Reference}/{i}"), script.Steps[i], false, clock.GetUtcNow(), null, null);
            steps.Add(step);
            await output.StepsAsync([.. steps], cancellationToken);
            await output.WriteAsync(LogSource.Sys, $"#{i + 1} {step.Name}", cancellationToken);
            if (last)
            {
                foreach (var line in script.Lines) await output.WriteAsync(LogSource.Out, $"#{i + 1} {line}", cancellationToken);
                await script.Finish.WaitAsync(cancellationToken);
            }

            steps[i] = step with { FinishedAt = clock.GetUtcNow(), Error = last ? script.Failure?.Summary : null };
            await output.StepsAsync([.. steps], cancellationToken);
        }

        if (script.Failure is { } failure) return new ImageBuildResult(null, failure);
        var image = new BuiltImage(request.Reference, Digest(request.Reference + "@" + Convert.ToHexString(SHA256.HashData(context.ToArray()))), context.Length);
        _images[request.Reference] = image;
        // Reachable by content too, as on a real engine.
        _images[image.Digest] = image;
        return new ImageBuildResult(image, null);
    }

    private static string Digest(string text) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
