using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Triggers;

/// <summary>Finds the branches of an application that have moved since they were last acted on, and starts what follows from it.</summary>
public interface IPushTrigger
{
    /// <summary>
    /// Safe to call at any time and any number of times: a branch that has not moved does nothing, one that has moved is acted on once. Everything that is
    /// answered is durable. Throws <see cref="Git.GitException"/> when the repository cannot be read.
    /// </summary>
    Task<IReadOnlyList<PushEffect>> LookAsync(Application application, CancellationToken cancellationToken);

    /// <summary>True when the last look ended half-way or was refused for a reason that passes, or there was none since the start: another one is due.</summary>
    bool IsDue(string application);
}

/// <summary>One thing that followed from a push.</summary>
/// <param name="Text">For the person who pushed.</param>
/// <param name="Path">Page that shows it; null when nothing was started.</param>
public sealed record PushEffect(string Branch, string Sha, string Text, string? Path);

/// <summary>Repositories elsewhere that could not be read at the last look.</summary>
public interface IRepositoryHealth
{
    /// <summary>Null when all is well.</summary>
    RepositoryProblem? Find(string application);
}

/// <param name="Since">Time of the first of the failed looks.</param>
public sealed record RepositoryProblem(string Message, DateTimeOffset Since);
