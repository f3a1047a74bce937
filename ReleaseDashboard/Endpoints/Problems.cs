using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

/// <summary>RFC 9457 problem details with a stable <c>code</c>.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    private static readonly string[] Programs = ["/api", "/hubs", "/git", "/openapi", "/webhooks", "/_blazor"];

    /// <summary>Programs get problem details; browsers get pages.</summary>
    public static bool AreWantedBy(HttpRequest request) => Programs.Any(p => request.Path.StartsWithSegments(p));

    public static IResult Result(int status, string code, string detail, IReadOnlyList<TemplateErrorJson>? errors = null) =>
        Results.Json(new ApiProblem($"urn:releasedashboard:problem:{code}", Title(status), status, detail, code, errors), statusCode: status, contentType: ContentType);

    public static Task WriteAsync(HttpContext context, int status, string code, string detail) => Result(status, code, detail).ExecuteAsync(context);

    public static IResult NotFound(string detail) => Result(StatusCodes.Status404NotFound, "not_found", detail);

    public static IResult Invalid(string detail) => Result(StatusCodes.Status400BadRequest, "invalid", detail);

    /// <summary>A command that was not accepted. What is not known here is a rule that stands against it: 409.</summary>
    public static IResult Refused(Refusal refusal)
    {
        var status = refusal.Code switch
        {
            "not_found" => StatusCodes.Status404NotFound,
            "template_invalid" => StatusCodes.Status422UnprocessableEntity,
            "disk_full" or "unavailable" or "engine_unavailable" => StatusCodes.Status503ServiceUnavailable,
            "ref_not_found" or "repository_unreachable" => StatusCodes.Status400BadRequest,
            _ when refusal.Code.StartsWith("invalid", StringComparison.Ordinal) => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status409Conflict,
        };
        return Result(status, refusal.Code, refusal.Message, refusal.Diagnostics is { } errors ? [.. errors.Where(e => !e.IsWarning).Select(TemplateErrorJson.From)] : null);
    }

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
