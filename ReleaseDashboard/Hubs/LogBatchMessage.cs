using ReleaseDashboard.Endpoints;

namespace ReleaseDashboard.Hubs;

/// <summary>Lines of a log in the order of their numbers, as a client of <see cref="LogHub"/> reads them.</summary>
/// <param name="FirstLine">Number of the first of them; of the next one to come where there are none.</param>
/// <param name="Ended">This is the last message.</param>
public sealed record LogBatchMessage(long FirstLine, IReadOnlyList<LogLineMessage> Lines, long TotalLines, bool Ended);
