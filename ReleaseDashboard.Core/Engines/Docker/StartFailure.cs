using System.Text.RegularExpressions;

namespace ReleaseDashboard.Core.Engines.Docker;

/// <summary>Docker's words for a container that would not start → a sentence and the next step.</summary>
internal static partial class StartFailure
{
    public static EngineException Explain(string name, string words, Exception inner)
    {
        if (words.Contains("port is already allocated", StringComparison.Ordinal) || words.Contains("address already in use", StringComparison.Ordinal))
        {
            var port = Port().Match(words) is { Success: true } match ? $"port {match.Groups[1].Value}" : "a port";
            return new EngineException($"{name} could not be started: {port} is taken by another program. Docker says: {words}", inner)
            {
                Suggestion = "Stop the program that uses the port (`docker ps` and `ss -ltnp` show it), then deploy again.",
            };
        }

        if (Executable().Match(words) is { Success: true } missing)
        {
            return new EngineException($"{name} could not be started: the image has no program \"{missing.Groups[1].Value}\".", inner)
            {
                Suggestion = "Check `command` in the template (or ENTRYPOINT and CMD in the Dockerfile): the program must exist in the image, and be executable.",
            };
        }

        if (words.Contains("no space left on device", StringComparison.Ordinal))
        {
            return new EngineException($"{name} could not be started: the engine's disk is full. Docker says: {words}", inner)
            {
                Suggestion = "Free space on the machine that runs Docker, then deploy again.",
            };
        }

        return new EngineException($"{name} could not be started. Docker says: {words}", inner);
    }

    [GeneratedRegex(@"(?:[\d.]+|\]):(\d+)")]
    private static partial Regex Port();

    [GeneratedRegex(@"exec: \\?""([^""\\]+)\\?"":? ?(?:executable file not found|stat .*: no such file|permission denied)")]
    private static partial Regex Executable();

}
