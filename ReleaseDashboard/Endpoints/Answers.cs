using System.Diagnostics.CodeAnalysis;
using System.Text;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Views;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

/// <summary>The few shapes of an answer, and how they are described.</summary>
internal static class Answers
{
    public static readonly string[] Yaml = ["text/yaml", "application/yaml", "application/x-yaml", "text/plain"];

    public static IResult Of<T>(Outcome<T> outcome, Func<T, IResult> accepted) =>
        outcome.Accepted ? accepted(outcome.Value) : Problems.Refused(outcome.Refusal);

    public static IResult Accepted(Outcome<Deployment> outcome) =>
        Of(outcome, d => Results.Accepted($"/api/v1/deployments/{d.Id}", DeploymentJson.From(d)));

    public static IResult Accepted(Outcome<Build> outcome) =>
        Of(outcome, b => Results.Accepted($"/api/v1/builds/{b.Id}", BuildJson.From(b)));

    public static IResult Page<TRow, TJson>(Page<TRow> page, Func<TRow, TJson> map) =>
        Results.Ok(new PageJson<TJson>([.. page.Items.Select(map)], page.NextCursor));

    /// <summary>YAML as it was saved, its version in the ETag.</summary>
    public static IResult Text(HttpResponse response, string text, string version)
    {
        response.Headers.ETag = $"\"{version}\"";
        return Results.Text(text, "text/yaml", Encoding.UTF8);
    }

    public static async Task<string> ReadTextAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new StreamReader(request.Body, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (DecoderFallbackException)
        {
            throw new BadHttpRequestException("The body is not valid UTF-8 text.");
        }
    }

    /// <summary>Ids are strings outside; what is no number is an id nobody has.</summary>
    public static bool TryId(string text, out long id) => long.TryParse(text, out id) && id > 0;

    /// <summary>Describes the accepted answer and the problems of a call.</summary>
    public static RouteHandlerBuilder Answer<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(this RouteHandlerBuilder builder, int status, params int[] problems)
    {
        builder.Produces<T>(status);
        foreach (var problem in problems) builder.Produces<ApiProblem>(problem, Problems.ContentType);
        return builder;
    }
}
