using Microsoft.AspNetCore.Diagnostics;

namespace ReleaseDashboard.Endpoints;

/// <summary>Gives answers without a body one: problem details for programs, a sentence for browsers.</summary>
internal static class StatusPages
{
    public static Task WriteAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        var (code, detail) = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ("not_found", $"There is nothing at {http.Request.Path}."),
            StatusCodes.Status405MethodNotAllowed => ("method_not_allowed", $"{http.Request.Method} is not possible on {http.Request.Path}."),
            StatusCodes.Status415UnsupportedMediaType => ("unsupported_media_type", "The content type is not one this call accepts."),
            StatusCodes.Status403Forbidden => ("forbidden", "This is not allowed."),
            >= 500 => ("internal_error", "The dashboard failed to answer. The log of the dashboard has the details."),
            _ => ("invalid", "The request cannot be understood."),
        };
        return Problems.AreWantedBy(http.Request)
            ? Problems.WriteAsync(http, http.Response.StatusCode, code, detail)
            : http.Response.WriteAsync(detail, http.RequestAborted);
    }
}
