using System.Formats.Tar;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>The few things that are done to a container, each of which may be done twice.</summary>
internal sealed class DockerContainers(DockerConnection docker)
{
    /// <summary>Containers that carry every label, dead or alive.</summary>
    public Task<IList<ContainerListResponse>> ListAsync(CancellationToken cancellationToken, params IEnumerable<string> labels)
    {
        var filters = DockerLabels.Filter(labels);
        return docker.CallAsync(client => client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filters }, cancellationToken), cancellationToken);
    }

    /// <summary>Null when it is gone.</summary>
    public Task<ContainerInspectResponse?> InspectAsync(string id, CancellationToken cancellationToken) =>
        docker.FindAsync(client => client.Containers.InspectContainerAsync(id, cancellationToken), cancellationToken);

    /// <summary>Creates a container, or finds the one of that name that an earlier attempt made. Returns its id.</summary>
    public async Task<string> CreateAsync(CreateContainerParameters request, CancellationToken cancellationToken)
    {
        try
        {
            return (await docker.CallAsync(client => client.Containers.CreateContainerAsync(request, cancellationToken), cancellationToken)).ID;
        }
        catch (DockerApiException problem) when (problem.StatusCode == HttpStatusCode.Conflict)
        {
            var found = await InspectAsync(request.Name!, cancellationToken);
            if (found?.Config?.Labels is { } labels && OurOwn(request.Labels!).All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value)) return found.ID;
            throw new EngineException($"A container named {request.Name} already exists and is not ours: {DockerConnection.Words(problem)}", problem)
            {
                Suggestion = $"Remove or rename it (`docker rm -f {request.Name}`) and run setup again.",
            };
        }
        catch (DockerApiException problem) when (problem.StatusCode == HttpStatusCode.NotFound)
        {
            throw new EngineException($"{request.Name} could not be created: {DockerConnection.Words(problem)}", problem)
            {
                Suggestion = "The image, the network or a volume it needs has been removed. Run setup, or Rebuild if it is an image of this application.",
            };
        }
    }

    /// <summary>Starts a container; one that runs already is fine. Throws <see cref="EngineException"/> with what Docker says of it.</summary>
    public async Task StartAsync(string id, string name, CancellationToken cancellationToken)
    {
        try
        {
            await docker.CallAsync(client => client.Containers.StartContainerAsync(id, new ContainerStartParameters(), cancellationToken), cancellationToken);
        }
        catch (Exception problem) when (problem is EngineException { InnerException: DockerApiException } or DockerApiException)
        {
            var words = DockerConnection.Words(problem as DockerApiException ?? (DockerApiException)problem.InnerException!);
            throw StartFailure.Explain(name, words, problem);
        }
    }

    /// <summary>Asks the process to end, kills it after the container's own grace time (or <paramref name="graceSeconds"/>). One that is gone or stopped is fine.</summary>
    public async Task StopAsync(string id, uint? graceSeconds, CancellationToken cancellationToken)
    {
        try
        {
            await docker.CallAsync(client => client.Containers.StopContainerAsync(id, new ContainerStopParameters { WaitBeforeKillSeconds = graceSeconds }, cancellationToken), cancellationToken);
        }
        catch (DockerApiException problem) when (problem.StatusCode == HttpStatusCode.NotFound)
        {
            // Somebody else removed it: it has stopped.
        }
    }

    /// <summary>Kills and removes. One that is gone, or is just being removed, is fine.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await docker.CallAsync(client => client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, cancellationToken), cancellationToken);
        }
        catch (DockerApiException problem) when (problem.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // 409 is "removal is already in progress".
        }
    }

    /// <summary>Puts files into a created container before its first start. Missing folders are made.</summary>
    public async Task PutFilesAsync(string id, IReadOnlyList<DesiredFile> files, CancellationToken cancellationToken)
    {
        if (files.Count == 0) return;
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (var file in files)
            {
                using var content = new MemoryStream(file.Content, writable: false);
                var entry = new GnuTarEntry(TarEntryType.RegularFile, file.MountPath.TrimStart('/'))
                {
                    DataStream = content,
                    Mode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                };
                await writer.WriteEntryAsync(entry, cancellationToken);
            }
        }

        tar.Position = 0;
        await docker.CallAsync(client => client.Containers.ExtractArchiveToContainerAsync(id, new CopyToContainerParameters { Path = "/" }, tar, cancellationToken), cancellationToken);
    }

    /// <summary>What an object is, as opposed to which attempt made it.</summary>
    private static IEnumerable<KeyValuePair<string, string>> OurOwn(IDictionary<string, string> labels) => labels.Where(label =>
        label.Key is DockerLabels.Environment or DockerLabels.Service or DockerLabels.Hash or DockerLabels.Job or DockerLabels.Task);
}
