using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Endpoints;

/// <summary>Answers made of a log, whoever it belongs to.</summary>
internal sealed class LogReply(ILogStore store)
{
    public const string LinesType = "application/x-ndjson";

    private const int Page = 1000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public IResult Lines(string logId, LogPageQuery query) =>
        query.Problem is { } problem ? Problems.Invalid(problem) : new LinesResult(store, logId, query.From, query.Limit);

    public IResult Raw(string logId) =>
        Results.Stream(store.OpenRaw(logId) ?? Stream.Null, "text/plain; charset=utf-8", enableRangeProcessing: true);

    public async Task<IResult> SearchAsync(string logId, LogSearchQuery query, CancellationToken cancellationToken)
    {
        if (query.Problem is { } problem) return Problems.Invalid(problem);
        try
        {
            return Results.Ok(LogMatchesMessage.Of(await store.SearchAsync(logId, query.Q, query.Regex, query.From, query.Limit, cancellationToken)));
        }
        catch (ArgumentException e)
        {
            return Problems.Result(StatusCodes.Status400BadRequest, "invalid_query", $"This cannot be searched for: {e.Message}");
        }
    }

    private sealed class LinesResult(ILogStore store, string logId, long from, int limit) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            var cancellationToken = context.RequestAborted;
            var batch = await store.ReadAsync(logId, from, Math.Min(Page, limit), cancellationToken);
            var headers = context.Response.Headers;
            context.Response.ContentType = LinesType;
            headers["X-Total-Lines"] = batch.TotalLines.ToString();
            headers["X-Log-Ended"] = batch.Ended ? "true" : "false";
            headers.CacheControl = "no-store";
            var left = limit;
            using var json = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Encoder = Json.Encoder });
            while (batch.Lines.Count > 0)
            {
                foreach (var line in batch.Lines)
                {
                    JsonSerializer.Serialize(json, LogLineMessage.Of(line), Json);
                    json.Flush();
                    json.Reset();
                    context.Response.BodyWriter.Write("\n"u8);
                }
                await context.Response.BodyWriter.FlushAsync(cancellationToken);
                left -= batch.Lines.Count;
                if (left <= 0) break;
                batch = await store.ReadAsync(logId, batch.FirstLine + batch.Lines.Count, Math.Min(Page, left), cancellationToken);
            }
        }
    }
}

internal sealed record LogMatchMessage(long N, int Column, int Length, string Text);

/// <param name="Total">Occurrences in the whole log.</param>
/// <param name="NextFrom">Line to go on from; null when all are listed.</param>
internal sealed record LogMatchesMessage(IReadOnlyList<LogMatchMessage> Matches, long Total, long? NextFrom)
{
    public static LogMatchesMessage Of(LogMatches found) =>
        new([.. found.Matches.Select(m => new LogMatchMessage(m.Number, m.Column, m.Length, m.Text))], found.Total, found.NextFrom);
}
