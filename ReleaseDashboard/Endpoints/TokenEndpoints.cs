using ReleaseDashboard.Auth;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

/// <summary>API tokens, which are git passwords too.</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/tokens").WithTags("Tokens");
        group.MapGet("", ListAsync).WithSummary("API tokens that are valid now, without their secrets").Answer<PageJson<TokenRowJson>>(200);
        group.MapPost("", CreateAsync).WithSummary("Make an API token; one of the same name stops working").Answer<TokenJson>(201, 400);
        group.MapDelete("/{name}", DeleteAsync).WithSummary("Revoke an API token").Produces(204).Produces<ApiProblem>(400, Problems.ContentType);
    }

    private static async Task<IResult> ListAsync(ApiTokens tokens, CancellationToken cancellationToken) =>
        Results.Ok(new PageJson<TokenRowJson>([.. (await tokens.ListAsync(cancellationToken)).Select(t => new TokenRowJson(t.Name, t.CreatedAt, t.LastUsedAt, t.ExpiresAt))], null));

    private static async Task<IResult> CreateAsync(NewTokenJson body, ApiCaller caller, ApiTokens tokens, CancellationToken cancellationToken)
    {
        if (!ApiTokens.IsName(body.Name)) return Problems.Invalid(ApiTokens.NameRule);
        return Results.Json(new TokenJson(body.Name, await tokens.CreateAsync(body.Name, caller.Context.Actor, cancellationToken)), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> DeleteAsync(string name, ApiCaller caller, ApiTokens tokens, CancellationToken cancellationToken)
    {
        if (!ApiTokens.IsName(name)) return Problems.Invalid(ApiTokens.NameRule);
        await tokens.RevokeAsync(name, caller.Context.Actor, cancellationToken);
        return Results.NoContent();
    }
}
