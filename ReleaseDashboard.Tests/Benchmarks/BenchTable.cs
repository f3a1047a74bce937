using System.Globalization;

namespace ReleaseDashboard.Tests.Benchmarks;

/// <summary>The table that <c>bench.sh</c> prints: measured figure, reference measured in the same run, ratio, target.</summary>
internal static class BenchTable
{
    private static readonly Lock Gate = new();

    public static void Row(string what, double measured, string unit, double? reference = null, string? referenceName = null, string? target = null)
    {
        var ratio = reference is { } r and > 0 ? (measured / r).ToString("0.00", CultureInfo.InvariantCulture) : "";
        var row = $"| {what} | {measured.ToString("0.###", CultureInfo.InvariantCulture)} {unit} | {(reference is null ? "" : $"{reference.Value.ToString("0.###", CultureInfo.InvariantCulture)} {unit} ({referenceName})")} | {ratio} | {target} |";
        lock (Gate)
        {
            if (Environment.GetEnvironmentVariable("RELEASE_BENCH_OUTPUT") is { Length: > 0 } file) File.AppendAllText(file, row + "\n");
            Console.WriteLine(row);
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
