using ReleaseDashboard.Core;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddReleaseCore();
var app = builder.Build();
app.Run();

/// <summary>Named so that tests can start the real application.</summary>
public partial class Program;
