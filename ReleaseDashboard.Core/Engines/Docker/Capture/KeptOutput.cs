using System.Net;
using System.Runtime.CompilerServices;
using Docker.DotNet;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Core.Engines.Docker.Capture;

/// <summary>
/// What Docker kept of a container's output behind what is known. Docker may have deleted lines, or keep none at all, and says neither: so the known lines are
/// looked for first, and where they are not, that is told.
/// </summary>
internal sealed class KeptOutput(IKeptLines logs, string containerId, KnownOutput known, TimeProvider clock)
{
    /// <summary>Read at once and held: mostly little is new. Docker reads the end of its log quickly and all of it slowly.</summary>
    private const int Window = 4000;

    /// <summary>As many are held at most where much is new: what was printed in half a minute by a service that is loud.</summary>
    private const int LargestWindow = 16 * Window;

    /// <summary>Up to here all of the log is read to count lines from the first.</summary>
    private const long Countable = 500_000;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);

    /// <summary>How far the time at which a line was heard may be behind the time at which it was printed; more with every attempt.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    /// <summary>For a log whose first lines are not there yet, or not any more.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(2);

    /// <summary>For a log that still has older lines than those looked for: Docker deletes the oldest first, so it has yet to write them. On a busy disk that takes seconds.</summary>
    public static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(1);

    /// <summary>Why output is missing, when Docker's log has lines and none of them is the one that is known.</summary>
    public const string Unclear = "Docker's log does not show where the output goes on";

    /// <summary>False once Docker refused to give its log.</summary>
    public bool IsReadable { get; private set; } = true;

    /// <summary>New lines in order, or a loss; each is known from then on.</summary>
    /// <param name="until">Lines from this time on are left out.</param>
    public async IAsyncEnumerable<(OutputLine Line, OutputLoss? Lost)> ReadAsync(DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var lines = NewAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            OutputLoss? refused = null;
            try
            {
                if (!await lines.MoveNextAsync()) yield break;
            }
            catch (EngineException problem)
            {
                IsReadable = false;
                var gone = problem.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Conflict };
                refused = new OutputLoss(known.Last, clock.GetUtcNow(), null, gone ? "the instance was removed before they were read" : $"Docker cannot give what it kept ({problem.Message})");
            }

            if (refused is not null)
            {
                known.Lost();
                yield return (default, refused);
                yield break;
            }

            var (line, lost) = lines.Current;
            if (lost is null && line.At >= until) yield break;
            if (lost is null) known.Read(line);
            else known.Lost();
            yield return (line, lost);
        }
    }

    private IAsyncEnumerable<(OutputLine Line, OutputLoss? Lost)> NewAsync(CancellationToken cancellationToken)
    {
        if (known.Exact is { Count: > 0 } exact) return BehindAsync(exact, cancellationToken);
        return known.Nothing ? AllAsync(logs.ReadAsync(containerId, null, false, cancellationToken)) : BehindTailAsync(cancellationToken);
    }

    /// <summary>The last known lines came out of the same log: their times say exactly where to go on.</summary>
    private async IAsyncEnumerable<(OutputLine Line, OutputLoss? Lost)> BehindAsync(IReadOnlyDictionary<LogSource, KnownOutput.Place> exact, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (first, last) = (exact.Values.Min(p => p.At), exact.Values.Max(p => p.At));
        var left = exact.ToDictionary(p => p.Key, p => p.Value.Same);
        var window = await WindowAsync(Window, cancellationToken);
        var covers = window.Count < Window || window[0].At < first;
        var found = false;
        await foreach (var line in covers ? window.ToAsyncEnumerable() : logs.ReadSinceAsync(containerId, first, cancellationToken))
        {
            // A source that had no line in what was read is known up to the same moment as the other.
            var at = exact.TryGetValue(line.Source, out var place) ? place.At : last;
            if (line.At < at || (line.At == at && (!left.ContainsKey(line.Source) || left[line.Source]-- > 0)))
            {
                found |= line.At == at;
                continue;
            }

            if (!found)
            {
                found = true;
                yield return (default, Deleted(line.At));
            }

            yield return (line, null);
        }
    }

    private async IAsyncEnumerable<(OutputLine Line, OutputLoss? Lost)> BehindTailAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tail = known.Tail;
        var begun = clock.GetTimestamp();
        var margin = Margin;
        var deleted = false;
        while (true)
        {
            if (await FindAsync(tail, margin, cancellationToken) is { } found)
            {
                await foreach (var line in found) yield return (line, null);
                yield break;
            }

            var waited = clock.GetElapsedTime(begun);
            if (waited >= ShortPatience) deleted = await FirstAsync(cancellationToken) is not { } first || first.At > tail[^1].At;
            if (waited >= LongPatience || deleted) break;
            await Task.Delay(BetweenAttempts + (waited / 10), clock, cancellationToken);
            if (margin < LongPatience) margin *= 2;
        }

        var told = false;
        await foreach (var line in logs.ReadSinceAsync(containerId, tail[^1].At, cancellationToken))
        {
            if (!told) yield return (default, deleted ? Deleted(line.At) : new OutputLoss(known.Last, line.At, null, Unclear));
            told = true;
            yield return (line, null);
        }
    }

    /// <summary>The lines behind the known ones; null where those are not to be found, or not yet: Docker may write its log later than it tells whoever listens.</summary>
    private async Task<IAsyncEnumerable<OutputLine>?> FindAsync(IReadOnlyList<OutputLine> tail, TimeSpan margin, CancellationToken cancellationToken)
    {
        List<OutputLine> window;
        TailMatch match;
        for (var size = Window; ; size *= 4)
        {
            window = await WindowAsync(size, cancellationToken);
            match = new TailMatch(tail);
            foreach (var line in window) match.Feed(line);
            if (match.IsCertain) return window.Where(match.NewLines()).ToAsyncEnumerable();
            if (match.IsFound || window.Count < size) break;
            if (size >= LargestWindow) break;
        }

        if (known.Count is { } count and <= Countable && await IsAtAsync(count, tail[^1], cancellationToken))
            return logs.ReadAsync(containerId, null, false, cancellationToken).Where((_, index) => index >= count);
        if (match.IsFound) return window.Where(match.NewLines()).ToAsyncEnumerable();
        if (window.Count < LargestWindow) return null;

        // More is new than was looked at.
        var since = tail[0].At - margin;
        match = new TailMatch(tail);
        await foreach (var line in logs.ReadSinceAsync(containerId, since, cancellationToken)) match.Feed(line);
        return match.IsFound ? logs.ReadSinceAsync(containerId, since, cancellationToken).Where(match.NewLines()) : null;
    }

    private async Task<OutputLine?> FirstAsync(CancellationToken cancellationToken)
    {
        await foreach (var line in logs.ReadAsync(containerId, null, false, cancellationToken)) return line;
        return null;
    }

    private async Task<List<OutputLine>> WindowAsync(int size, CancellationToken cancellationToken)
    {
        var window = new List<OutputLine>();
        await foreach (var line in logs.ReadAsync(containerId, size, false, cancellationToken)) window.Add(line);
        return window;
    }

    /// <summary>Whether the line of that number is the known one: then nothing was deleted, and counting is right.</summary>
    private async Task<bool> IsAtAsync(long number, OutputLine last, CancellationToken cancellationToken)
    {
        var read = 0L;
        await foreach (var line in logs.ReadAsync(containerId, null, false, cancellationToken))
        {
            if (++read < number) continue;
            var match = new TailMatch([last]);
            match.Feed(line with { Source = last.Source });
            return match.IsFound;
        }

        return false;
    }

    private static async IAsyncEnumerable<(OutputLine Line, OutputLoss? Lost)> AllAsync(IAsyncEnumerable<OutputLine> lines)
    {
        await foreach (var line in lines) yield return (line, null);
    }

    private OutputLoss Deleted(DateTimeOffset first) => new(known.Last, first, null, "Docker has already deleted that part of its log");
}
