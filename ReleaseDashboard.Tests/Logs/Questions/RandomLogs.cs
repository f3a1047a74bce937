using System.Text;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Tests.Logs.Questions;

/// <summary>Logs of all kinds of lines, the same for the same seed.</summary>
internal static class RandomLogs
{
    private static readonly string[] Words =
        ["error", "Error", "ERROR:", "warning:", "0 errors", "needle", "Needle", "NEEDLE", "naïve", "NAÏVE", "日本語", "🚀", "ok", "GET", "/errors.js", "failed", "level=info", "level=error", "\u001b[31m", "\0", "a", "aaaa", "#3 [1/2] RUN x", "#3 done 0.1s", "x\ry"];

    private static readonly string[] Tasks = ["", "images.web", "services.web", "jobs.migrate"];

    /// <param name="longLines">Some lines are longer than what is shown of a line.</param>
    public static async Task WriteAsync(ILogWriter writer, int seed, int lines, bool longLines = false)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var i = 0; i < lines; i++)
        {
            text.Clear();
            for (var w = random.Next(8); w > 0; w--) text.Append(Words[random.Next(Words.Length)]).Append(random.Next(3) == 0 ? "" : " ");
            if (longLines && random.Next(40) == 0) text.Append('é', random.Next(30_000, 50_000)).Append(" needle ").Append('x', random.Next(700_000)).Append("needle");
            await writer.WriteAsync((LogSource)random.Next(3), Tasks[random.Next(Tasks.Length)], text.ToString(), LogFixture.Cancellation);
        }
    }
}
