using System.Net.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ReleaseDashboard.Endpoints;

/// <summary><c>/openapi/v1.json</c>: what the code cannot say by itself, such as how to sign in and the key of commands.</summary>
internal static class OpenApiServices
{
    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = api => api.RelativePath is { } path && (path.StartsWith("api/", StringComparison.Ordinal) || path is "healthz" or "readyz" or "metrics");
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "ReleaseDashboard", Version = "v1", Description = "Environments as a service. Errors are RFC 9457 problem details with a stable code." };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API token: POST /api/v1/tokens, or Release__Auth__BootstrapToken." },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
    });

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) != true) return Task.CompletedTask;
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
        if (context.Description.RelativePath.Contains("/log", StringComparison.Ordinal)) LogParameters.Describe(operation);
        // A token is shown once: the call that makes one cannot answer the same again.
        if (context.Description.HttpMethod == HttpMethod.Post.Method && context.Description.RelativePath.TrimEnd('/') != "api/v1/tokens")
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = ApiCaller.KeyHeader,
                In = ParameterLocation.Header,
                Description = "Sent again with the same key, a command is carried out once and answers the same.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
            });
        }

        if (operation.Responses?.TryGetValue("202", out var accepted) == true && accepted is OpenApiResponse response)
        {
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            response.Headers["Location"] = new OpenApiHeader { Description = "Where to watch it.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }

        return Task.CompletedTask;
    }
}
