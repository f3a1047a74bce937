using Microsoft.AspNetCore.Mvc;
using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Observation;
using ReleaseDashboard.Core.Store;

namespace ReleaseDashboard.Endpoints;

/// <summary>Which log a path means. All calls on logs are the same for every kind of address.</summary>
internal interface ILogAddress
{
    /// <summary>The log, or the problem to answer.</summary>
    Task<(LogSubject? Log, IResult? Problem)> FindAsync(CancellationToken cancellationToken);
}

/// <param name="Run">The run it is the log of; null for the output of instances.</param>
internal sealed record LogSubject(string LogId, Run? Run = null);

internal static class LogAddresses
{
    public static async Task<IResult> AnswerAsync(this ILogAddress address, Func<LogSubject, Task<IResult>> answer, CancellationToken cancellationToken)
    {
        var (log, problem) = await address.FindAsync(cancellationToken);
        return log is null ? problem! : await answer(log);
    }
}

internal sealed record RunLogAddress([FromRoute(Name = "id")] string Id, IRecordStore Records) : ILogAddress
{
    public async Task<(LogSubject? Log, IResult? Problem)> FindAsync(CancellationToken cancellationToken) =>
        Answers.TryId(Id, out var number) && await Records.FindRunAsync(number, cancellationToken) is { } run
            ? (new LogSubject(run.LogId, run), null)
            : (null, Problems.NotFound($"There is no run {Id}."));
}

internal sealed record InstanceLogAddress([FromRoute(Name = "id")] string Id, [FromRoute(Name = "instance")] string Instance, IInstanceLogs Logs) : ILogAddress
{
    public async Task<(LogSubject? Log, IResult? Problem)> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Logs.OpenAsync(Id, Instance, cancellationToken) is { } log
                ? (new LogSubject(log), null)
                : (null, Problems.NotFound($"Environment {Id} has no instance {Instance}, and no output of one is kept."));
        }
        catch (EngineUnavailableException e)
        {
            return (null, Problems.Result(StatusCodes.Status503ServiceUnavailable, "engine_unavailable", e.Message));
        }
    }
}

/// <summary>All instances of a service, also those that were replaced.</summary>
internal sealed record ServiceLogAddress([FromRoute(Name = "id")] string Id, [FromRoute(Name = "service")] string Service, IInstanceLogs Logs) : ILogAddress
{
    public Task<(LogSubject? Log, IResult? Problem)> FindAsync(CancellationToken cancellationToken) =>
        Task.FromResult<(LogSubject? Log, IResult? Problem)>(Logs.OpenService(Id, Service) is { } log
            ? (new LogSubject(log), null)
            : (null, Problems.NotFound($"No output of a service {Service} of the environment {Id} is kept.")));
}
