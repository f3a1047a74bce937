using System.Text.RegularExpressions;
using ReleaseDashboard.Auth;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Endpoints.Contracts;

namespace ReleaseDashboard.Endpoints;

/// <summary>API tokens, which are git passwords too.</summary>
internal static partial class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/tokens").WithTags("Tokens");
        group.MapPost("", CreateAsync).WithSummary("Make an API token; one of the same name stops working").Answer<TokenJson>(201, 400);
        group.MapDelete("/{name}", DeleteAsync).WithSummary("Revoke an API token").Produces(204).Produces<ApiProblem>(400, Problems.ContentType);
    }

    private static async Task<IResult> CreateAsync(NewTokenJson body, ITokenStore tokens, CancellationToken cancellationToken)
    {
        if (!TokenName().IsMatch(body.Name)) return WrongName();
        var secret = TokenCheck.NewSecret();
        await tokens.SaveTokenAsync(body.Name, TokenCheck.ApiKind, secret, expiresAt: null, cancellationToken);
        return Results.Json(new TokenJson(body.Name, secret), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> DeleteAsync(string name, ITokenStore tokens, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!TokenName().IsMatch(name)) return WrongName();
        // A secret nobody knows, expired already: the one there was is gone, and the answer does not tell which names exist.
        await tokens.SaveTokenAsync(name, TokenCheck.ApiKind, TokenCheck.NewSecret(), clock.GetUtcNow(), cancellationToken);
        return Results.NoContent();
    }

    private static IResult WrongName() => Problems.Invalid("A token's name has 1 to 60 letters, digits, dots, dashes or underscores.");

    [GeneratedRegex("^[A-Za-z0-9._-]{1,60}$")]
    private static partial Regex TokenName();
}
