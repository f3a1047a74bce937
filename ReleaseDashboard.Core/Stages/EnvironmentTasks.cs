using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Stages;

/// <summary>Sends each task of a run to what carries it out.</summary>
internal sealed class EnvironmentTasks(EnvironmentWork work) : ITaskPerformer
{
    public Task<TaskResult> PerformAsync(PlannedTask task, TaskLog log, CancellationToken cancellationToken) => task.Kind switch
    {
        TaskKind.Environment => SpaceTask.EnsureAsync(work, log, cancellationToken),
        TaskKind.Service => ServiceTask.ApplyAsync(work, task, log, cancellationToken),
        TaskKind.RemoveService => ServiceTask.RemoveAsync(work, task, log, cancellationToken),
        TaskKind.Job => JobTask.RunAsync(work, task, log, cancellationToken),
        _ => Task.FromResult(TaskResult.Failed(new Failure(
            $"The task {task.Id} of the workflow cannot be carried out in {work.Plan.Stage.Word()}.",
            null,
            "Tasks of setup and patch are services.<name>, services.all and jobs.<name>."))),
    };

    /// <summary>Jobs only: everything else is idempotent, and done again to be sure.</summary>
    public async Task<TaskResult?> RestoreAsync(PlannedTask task, RunTask ended, CancellationToken cancellationToken) =>
        task.Kind == TaskKind.Job ? await JobTask.RestoreAsync(work, task, ended, cancellationToken) : null;
}
