using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;

namespace ReleaseDashboard.Endpoints;

/// <summary>Exceptions as answers: a bad request says what is wrong with it, anything else says nothing of our insides.</summary>
internal sealed class ExceptionAnswers(ILogger<ExceptionAnswers> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.Response.HasStarted || !Problems.AreWantedBy(context.Request)) return false;
        var (status, code, detail) = Describe(exception);
        if (status >= 500) log.LogError(exception, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
        await Problems.WriteAsync(context, status, code, detail);
        return true;
    }

    private static (int Status, string Code, string Detail) Describe(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (413, "too_large", "The request body is larger than this call accepts."),
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } e => (415, "unsupported_media_type", e.Message),
        BadHttpRequestException { InnerException: JsonException json } => (400, "invalid_json", Explain(json)),
        BadHttpRequestException e => (e.StatusCode is >= 400 and < 500 ? e.StatusCode : 400, "invalid", e.Message),
        JsonException json => (400, "invalid_json", Explain(json)),
        OperationCanceledException => (499, "canceled", "The request was given up."),
        _ => (500, "internal_error", "The dashboard failed to answer. The log of the dashboard has the details."),
    };

    /// <summary>The parser's message names .NET types; people get the place and the kind of mistake.</summary>
    private static string Explain(JsonException json)
    {
        var place = json.Path is { Length: > 1 } path ? $" at {path.TrimStart('$', '.')}" : "";
        if (json.LineNumber is { } line) place += $" (line {line + 1}, column {json.BytePositionInLine + 1})";
        if (json.Message.Contains("could not be mapped", StringComparison.Ordinal)) return $"The body has a field this call does not know{place}.";
        return json.Message.Contains("could not be converted", StringComparison.Ordinal)
            ? $"A value of the body has the wrong type{place}."
            : $"The body is not valid JSON{place}.";
    }
}
