using System.Text.Json;
using System.Text.RegularExpressions;

namespace ReleaseDashboard.Endpoints;

/// <summary>Exceptions of the API as answers: a bad request says what is wrong with it, anything else says nothing of our insides.</summary>
internal sealed partial class ExceptionAnswers(RequestDelegate next, ILogger<ExceptionAnswers> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
        }
#pragma warning disable CA1031 // The last catch of a request: whatever it was, the caller gets problem details.
        catch (Exception e) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            var (status, code, detail) = Describe(e);
            if (status >= 500) log.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            context.Response.Clear();
            await Problems.WriteAsync(context, status, code, detail);
        }
    }

    private static (int Status, string Code, string Detail) Describe(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (413, "too_large", "The request body is larger than this call accepts."),
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => (415, "unsupported_media_type", "This call needs a body of content type application/json."),
        BadHttpRequestException { InnerException: JsonException json } => (400, "invalid_json", Explain(json)),
        BadHttpRequestException e when e.Message.Contains("no body was provided", StringComparison.Ordinal) || e.Message.EndsWith("from body.", StringComparison.Ordinal) => (400, "invalid_json", "This call needs a JSON object as its body."),
        BadHttpRequestException e => (e.StatusCode is >= 400 and < 500 ? e.StatusCode : 400, "invalid", ParameterType().Replace(e.Message, "parameter \"$1\"")),
        _ => (500, "internal_error", "The dashboard failed to answer. The log of the dashboard has the details."),
    };

    /// <summary>The parser's message names .NET types; people get the place and the kind of mistake.</summary>
    private static string Explain(JsonException json)
    {
        if (MissingFields().Match(json.Message) is { Success: true } missing) return $"The body lacks {missing.Groups[1].Value.Replace('\'', '"')}.";
        var place = json.Path is { Length: > 1 } path ? $" at {path.TrimStart('$', '.')}" : "";
        if (json.LineNumber is { } line) place += $" (line {line + 1}, column {json.BytePositionInLine + 1})";
        if (json.Message.Contains("could not be mapped", StringComparison.Ordinal)) return $"The body has a field this call does not know{place}.";
        if (json.Message.Contains("doesn't allow null", StringComparison.Ordinal)) return $"A value of the body must not be null{place}.";
        return json.Message.Contains("could not be converted", StringComparison.Ordinal)
            ? $"A value of the body has the wrong type{place}."
            : $"The body is not valid JSON{place}.";
    }

    /// <summary><c>Failed to bind parameter "Nullable&lt;int&gt; limit" from "many".</c></summary>
    [GeneratedRegex("parameter \"\\S+ (\\w+)\"")]
    private static partial Regex ParameterType();

    /// <summary><c>JSON deserialization for type '…' was missing required properties including: 'ref'.</c></summary>
    [GeneratedRegex("missing required properties including: (.+?)\\.( |$)")]
    private static partial Regex MissingFields();
}
