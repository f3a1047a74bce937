using System.Text.Json.Serialization;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Endpoints.Contracts;

/// <param name="Repository">URL or path git can fetch from; absent for an application hosted by the dashboard.</param>
/// <param name="Template">Absent: taken from the repository, or generated from it.</param>
internal sealed record NewApplicationJson(string Name, string? Repository = null, string? TrackingBranch = null, string? Template = null, string? Variables = null);

/// <param name="Repository">What to clone.</param>
/// <param name="Hosted">The dashboard itself is the remote.</param>
/// <param name="Version">Rises with each saved template or variables.</param>
internal sealed record ApplicationJson(string Name, string Repository, bool Hosted, string TrackingBranch, int Version, DateTimeOffset CreatedAt)
{
    /// <summary>A hosted repository is a folder of ours; outside it is known by its address.</summary>
    public static ApplicationJson From(Application a, HttpRequest request) =>
        new(a.Name, a.Hosted ? $"{request.Scheme}://{request.Host}/git/{a.Name}.git" : a.Repository, a.Hosted, a.TrackingBranch, a.Version, a.CreatedAt);
}

/// <summary>Version of a saved configuration: of an application a number, of an environment <c>v1.3</c>.</summary>
internal sealed record SavedJson(
    string Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? DryRun = null);

internal sealed record NewBuildJson(string Ref);

internal sealed record BuildImageJson(string Service, string Reference, string Digest, long SizeBytes);

internal sealed record BuildJson(
    string Id,
    string Application,
    string Commit,
    string Branch,
    string Author,
    string Message,
    string Status,
    string Trigger,
    string Actor,
    IReadOnlyList<BuildImageJson> Images,
    string RunId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FailureJson? Failure)
{
    public static BuildJson From(Build b) => new(
        b.Id.ToString(), b.Application, b.Commit, b.Branch, b.Author, b.Message, b.Status.Word(), b.Trigger, b.Actor,
        [.. b.Images.Select(i => new BuildImageJson(i.Service, i.Reference, i.Digest, i.SizeBytes))],
        b.RunId.ToString(), b.CreatedAt, b.StartedAt, b.FinishedAt, FailureJson.From(b.Failure));
}

/// <param name="Environment">Id of the environment that gets the build.</param>
internal sealed record DeployBuildJson(string Environment);
