using Microsoft.AspNetCore.Diagnostics;

namespace ReleaseDashboard.Endpoints;

/// <summary>Gives the API's answers without a body one.</summary>
internal static class StatusPages
{
    public static Task WriteAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        var (code, detail) = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ("not_found", $"There is nothing at {http.Request.Path}."),
            StatusCodes.Status405MethodNotAllowed => ("method_not_allowed", $"{http.Request.Method} is not possible on {http.Request.Path}."),
            StatusCodes.Status413PayloadTooLarge => ("too_large", "The request body is larger than this call accepts."),
            StatusCodes.Status415UnsupportedMediaType => ("unsupported_media_type", "The content type is not one this call accepts."),
            StatusCodes.Status403Forbidden => ("forbidden", "This is not allowed."),
            >= 500 => ("internal_error", "The dashboard failed to answer. The log of the dashboard has the details."),
            _ => ("invalid", "The request cannot be understood."),
        };
        return Problems.WriteAsync(http, http.Response.StatusCode, code, detail);
    }
}
