using Microsoft.AspNetCore.Mvc;

namespace ReleaseDashboard.Endpoints;

/// <summary>RFC 9457 problem details with a stable <c>code</c>.</summary>
internal static class Problems
{
    /// <summary>Programs get problem details; browsers get pages.</summary>
    public static bool AreWantedBy(HttpRequest request) =>
        request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/hubs") || request.Path.StartsWithSegments("/git")
        || request.Path.StartsWithSegments("/openapi") || request.Path.StartsWithSegments("/webhooks") || request.Path.StartsWithSegments("/_blazor");

    public static ProblemDetails Create(int status, string code, string detail) => new()
    {
        Status = status,
        Title = Title(status),
        Type = $"urn:releasedashboard:problem:{code}",
        Detail = detail,
        Extensions = { ["code"] = code },
    };

    public static Task WriteAsync(HttpContext context, int status, string code, string detail) =>
        Results.Problem(Create(status, code, detail)).ExecuteAsync(context);

    private static string Title(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "Sign-in needed",
        StatusCodes.Status403Forbidden => "Not allowed",
        StatusCodes.Status404NotFound => "Not found",
        StatusCodes.Status405MethodNotAllowed => "Method not allowed",
        StatusCodes.Status409Conflict => "Not possible now",
        StatusCodes.Status413PayloadTooLarge => "Too large",
        StatusCodes.Status415UnsupportedMediaType => "Unsupported content type",
        StatusCodes.Status422UnprocessableEntity => "Template has errors",
        StatusCodes.Status503ServiceUnavailable => "Not available now",
        >= 500 => "Internal error",
        _ => "Invalid request",
    };
}
