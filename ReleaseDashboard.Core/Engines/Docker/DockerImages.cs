using System.Net;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Looks images up and pulls those that were not built here.</summary>
internal sealed class DockerImages(DockerConnection docker)
{
    public Task<ImageInspectResponse?> InspectAsync(string reference, CancellationToken cancellationToken) =>
        docker.FindAsync(client => client.Images.InspectImageAsync(reference, cancellationToken), cancellationToken);

    public async Task EnsureAsync(string image, bool built, IEngineOutput output, CancellationToken cancellationToken)
    {
        if (await InspectAsync(image, cancellationToken) is not null) return;
        if (built)
        {
            throw new EngineException($"The image {image} was built here and is no longer on the engine.")
            {
                Suggestion = "Open the build and press Rebuild, then deploy again.",
            };
        }

        await output.WriteAsync(LogSource.Sys, $"pulling {image}", cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/images/create?fromImage={Uri.EscapeDataString(WithTag(image))}");
            using var answer = await docker.SendAsync(request, cancellationToken);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            using var reader = new StreamReader(body);
            while (await docker.ReadAsync(() => reader.ReadLineAsync(cancellationToken), cancellationToken) is { } line)
            {
                using var message = JsonDocument.Parse(line);
                if (message.RootElement.TryGetProperty("error", out var error)) throw Refused(image, error.GetString() ?? line, null);
                if (Progress(message.RootElement) is { } text) await output.WriteAsync(LogSource.Out, text, cancellationToken);
            }
        }
        catch (DockerApiException problem)
        {
            throw Refused(image, DockerConnection.Words(problem), problem);
        }
        catch (EngineException problem) when (problem.InnerException is DockerApiException inner)
        {
            throw Refused(image, DockerConnection.Words(inner), problem);
        }
    }

    /// <summary>Layer by layer Docker tells every few kilobytes; only what begins and ends is worth a line.</summary>
    private static string? Progress(JsonElement message)
    {
        var status = message.TryGetProperty("status", out var said) ? said.GetString() : null;
        if (status is null or "Downloading" or "Extracting" or "Waiting" or "Verifying Checksum" or "Download complete" or "Pulling fs layer") return null;
        return message.TryGetProperty("id", out var id) ? $"{id.GetString()}: {status}" : status;
    }

    /// <summary>Without a tag Docker would pull every tag there is.</summary>
    internal static string WithTag(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        return name.Contains(':') || name.Contains('@') ? image : image + ":latest";
    }

    private static EngineException Refused(string image, string words, Exception? inner) => new($"The image {image} cannot be pulled: {words.Trim()}", inner)
    {
        Suggestion = "Check the image's name and tag in the template, and that this machine can reach the registry and may pull from it.",
    };
}
