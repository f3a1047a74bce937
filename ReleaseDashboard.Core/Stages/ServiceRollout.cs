using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>What a service's change means for the rest: hash written down, then traffic switched, then the old instance drained.</summary>
internal sealed class ServiceRollout(EnvironmentWork work, PlannedTask task, DesiredService service, TaskLog log) : IServiceRollout
{
    public bool Switched { get; private set; }

    public string? ServedHash => work.Applied.Services.GetValueOrDefault(service.Name);

    public ValueTask StartingAsync(ObservedInstance instance, CancellationToken cancellationToken) => work.Tools.Outputs.BeginAsync(work.Scope.Environment, instance, cancellationToken);

    public async ValueTask ProgressAsync(string detail, CancellationToken cancellationToken)
    {
        work.Board.Detail(task, detail);
        await log.SayAsync($"{service.Name}: {detail}", cancellationToken);
    }

    /// <summary>Written down first: after a crash between the two, the route is made from what is written, and the old instances still run.</summary>
    public async Task SwitchAsync(IReadOnlyList<ObservedInstance> ready, CancellationToken cancellationToken)
    {
        var environment = work.Scope.Environment;
        work.Tools.RouteUpdates.Announce(environment);
        await work.Context.Journal.WriteServiceAppliedAsync(service.Name, service.Hash, cancellationToken);
        work.Tools.RouteUpdates.Switch(environment, work.RoutesWith(service.Name), service.Name, ready);
        Switched = true;
        var traffic = work.Desired.Routes.Any(r => r.Service == service.Name) ? ", traffic switched" : "";
        await log.SayAsync($"{service.Name}: {ready.Count} of {service.Replicas} ready{traffic}", cancellationToken);
    }

    public async Task DrainAsync(ObservedInstance old, CancellationToken cancellationToken)
    {
        await work.Tools.Routes.DrainAsync(old.Id, work.Tools.Drain, cancellationToken);
        await log.SayAsync($"{service.Name}: {old.Name} has no request under way, stopping it", cancellationToken);
    }

    public ValueTask WriteAsync(LogSource source, string text, CancellationToken cancellationToken) => log.WriteAsync(source, text, cancellationToken);
}
