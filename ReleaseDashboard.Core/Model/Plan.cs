namespace ReleaseDashboard.Core.Model;

public enum PlanActionKind
{
    CreateSpace,
    CreateVolume,
    /// <summary>Start a service that has no instance.</summary>
    CreateService,
    /// <summary>Start new instances, switch, stop the old ones.</summary>
    ReplaceService,
    /// <summary>Same instances, more or fewer of them.</summary>
    ScaleService,
    /// <summary>Instances exist and are right, but one is down or gone.</summary>
    RepairService,
    KeepService,
    RemoveService,
    RunJob,
    Route,
    StopService,
    RemoveEnvironment,
}

/// <summary>One thing a run will do.</summary>
/// <param name="Step">Name of the workflow step it belongs to; <c>prepare</c> and <c>finish</c> are ours.</param>
/// <param name="Task"><c>services.web</c>; <c>environment</c> for what belongs to no task.</param>
/// <param name="Subject">Name of the service, job, volume or hostname.</param>
/// <param name="Reason">Why, in a sentence: "image changed", "no instance is running".</param>
public sealed record PlanAction(PlanActionKind Kind, string Step, string Task, string Subject, string Reason);

/// <summary>What a stage will do, in order. Pure result of (desired, observed, applied, stage).</summary>
/// <param name="Steps">The workflow's steps with <c>services.all</c> spelled out: what the executor walks.</param>
public sealed record Plan(Stage Stage, IReadOnlyList<PlanAction> Actions, IReadOnlyList<WorkflowStep> Steps)
{
    /// <summary>True when carrying it out would change nothing and run nothing.</summary>
    public bool IsEmpty => Actions.All(a => a.Kind == PlanActionKind.KeepService);
}
