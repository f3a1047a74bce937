using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using ReleaseDashboard.Core.Logs;
using ReleaseDashboard.Core.Model;

namespace ReleaseDashboard.Endpoints;

/// <summary>Lines and text of a log, whoever it belongs to.</summary>
internal sealed class LogReply(ILogStore store)
{
    public const string LinesType = "application/x-ndjson";

    private const int Page = 1000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public IResult Lines(LogSubject log, LogPageQuery query) =>
        query.Problem is { } problem ? Problems.Invalid(problem) : new LinesResult(store, log.LogId, query.From, query.Limit);

    public IResult Raw(LogSubject log) =>
        Results.Stream(store.OpenRaw(log.LogId) ?? Stream.Null, "text/plain; charset=utf-8", enableRangeProcessing: true);

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
