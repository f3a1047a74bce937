using System.Buffers;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Endpoints;

/// <summary>Lines and text of a log, whoever it belongs to.</summary>
internal sealed class LogReply(ILogStore store)
{
    public const string LinesType = "application/x-ndjson";

    public const string PackedType = "application/gzip";

    private const int Page = 1000;

    // Its type is no HTML, so quotes and brackets stay as they are: people read and search it in terminals.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IResult Lines(LogSubject log, LogPageQuery query) =>
        query.Problem is { } problem ? Problems.Invalid(problem) : new LinesResult(store, log.LogId, query.From, query.Limit);

    public IResult Raw(LogSubject log) => LogPrunedHeaders.With(
        store.State(log.LogId).Pruned,
        Results.Stream(store.OpenRaw(log.LogId) ?? Stream.Null, "text/plain; charset=utf-8", enableRangeProcessing: true));

    /// <summary>Packed on the way, so it costs no memory and no room on the disk however long the log is; the text is that of this moment.</summary>
    public IResult Packed(LogSubject log, CancellationToken cancellationToken)
    {
        var raw = store.OpenRaw(log.LogId) ?? Stream.Null;
        return Results.Stream(
            async body =>
            {
                await using (raw)
                await using (var packed = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true)) await raw.CopyToAsync(packed, 128 * 1024, cancellationToken);
            },
            PackedType);
    }

    /// <summary>Keeps an excerpt for those who have a link to it.</summary>
    public async Task<IResult> PinAsync(LogSubject log, LogPinJson excerpt, CancellationToken cancellationToken) =>
        await store.PinAsync(log.LogId, excerpt.From, excerpt.To, cancellationToken) is { } problem
            ? Problems.Invalid(problem)
            : Results.Json(excerpt, statusCode: StatusCodes.Status201Created);

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
            LogPrunedHeaders.Add(context.Response, store.State(logId).Pruned);
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

/// <summary>An excerpt of a log.</summary>
/// <param name="From">Number of its first line.</param>
/// <param name="To">Number of its last line; at most 1,000 lines in all.</param>
internal sealed record LogPinJson(long From, long To);
