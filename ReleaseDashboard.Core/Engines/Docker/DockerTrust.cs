namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Failures count only when the daemon is still there to mean them (<see cref="DockerConnection.ConfirmAsync"/>).</summary>
internal static class DockerTrust
{
    public static async Task<T> TrustAsync<T>(this DockerConnection docker, Func<Task<T>> operation, Func<T, bool> succeeded, CancellationToken cancellationToken)
    {
        T result;
        try
        {
            result = await operation();
        }
        catch (EngineException)
        {
            await docker.ConfirmAsync(cancellationToken);
            throw;
        }

        if (!succeeded(result)) await docker.ConfirmAsync(cancellationToken);
        return result;
    }

    public static Task TrustAsync(this DockerConnection docker, Func<Task> operation, CancellationToken cancellationToken) => docker.TrustAsync(
        async () =>
        {
            await operation();
            return true;
        },
        done => done,
        cancellationToken);
}
