using ReleaseDashboard.Core.Engines;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Stages;

namespace ReleaseDashboard.Core.Runs;

/// <summary>
/// Holds a run up while its engine is away and lets it go on by itself when it is back. The run keeps its place and its lease, and no attempt is
/// used up: nothing is wrong with it. Work that is told to end while it is held up is called once more with its token ended, so that it cleans up
/// what it can reach.
/// </summary>
internal sealed class EngineWait(IEngine engine, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public async Task<RunResult> RunAsync(Func<CancellationToken, Task<RunResult>> work, ILogWriter log, IRunJournal journal, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromSeconds(0.5);
        while (true)
        {
            string message;
            var started = time.GetTimestamp();
            try
            {
                return await work(cancellationToken);
            }
            catch (EngineUnavailableException away) when (!cancellationToken.IsCancellationRequested)
            {
                message = away.Message.TrimEnd('.', ' ');
            }
            catch (EngineUnavailableException away)
            {
                throw new OperationCanceledException(away.Message, away, cancellationToken);
            }

            // Work that went on for a while was no instant failure: begin again with short pauses.
            if (time.GetElapsedTime(started) > TimeSpan.FromMinutes(1)) pause = TimeSpan.FromSeconds(0.5);
            try
            {
                pause = await HoldUpAsync(message, pause, log, journal, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The work is told by its token.
            }
        }
    }

    private async Task<TimeSpan> HoldUpAsync(string message, TimeSpan pause, ILogWriter log, IRunJournal journal, CancellationToken cancellationToken)
    {
        var waiting = $"{message}. Waiting since {time.GetUtcNow():HH:mm:ss} UTC; the run goes on by itself.";
        await journal.WaitingAsync(waiting, cancellationToken);
        await log.WriteAsync(LogSource.Sys, "", waiting, cancellationToken);
        do
        {
            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        }
        while (!(await engine.CheckAsync(cancellationToken)).Available);

        await journal.WaitingAsync(null, cancellationToken);
        await log.WriteAsync(LogSource.Sys, "", $"The engine ({engine.Name}) answers again; carried on.", cancellationToken);
        return pause;
    }
}
